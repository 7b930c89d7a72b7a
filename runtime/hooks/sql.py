"""What Airflow's database hooks have in common.

Source: `airflow.providers.common.sql.hooks.sql`.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any, ClassVar

from runtime.airflow_names import BaseHook
from runtime.config import ConnectionConfig, load_config
from runtime.exceptions import ConfigError
from runtime.hooks.splitting import split_statements as split

if TYPE_CHECKING:
    import pandas as pd

Handler = Callable[[Any], Any]


def fetch_all_handler(cursor: Any) -> list[Any] | None:
    """Give all rows, `None` for a statement without a result."""
    return cursor.fetchall() if cursor.description is not None else None


def fetch_one_handler(cursor: Any) -> Any:
    """Give the first row, `None` for a statement without a result."""
    return cursor.fetchone() if cursor.description is not None else None


class DbApiHook(BaseHook):
    """Runs SQL on a configured connection.

    The connection id is the first argument, or the one called `conn_name_attr`; `schema` is the
    database to use instead of the configured one.
    """

    conn_name_attr: ClassVar[str] = "conn_id"
    default_conn_name: ClassVar[str] = "default_conn_id"
    driver: ClassVar[str] = ""
    dialect: ClassVar[str | None] = None
    placeholder: ClassVar[str] = "%s"
    supports_autocommit: ClassVar[bool] = True
    sqlalchemy_scheme: ClassVar[str] = ""
    """What SQLAlchemy calls database and driver."""
    splits: ClassVar[bool] = False
    """Whether `run` splits texts into statements unless it is told."""

    def __init__(self, *args: Any, schema: str | None = None, **kwargs: Any) -> None:
        """Take the connection id. Other arguments change nothing here."""
        given = args[0] if args else kwargs.get(self.conn_name_attr)
        self.conn_id = str(given or self.default_conn_name)
        setattr(self, self.conn_name_attr, self.conn_id)
        self.schema = schema

    @property
    def driver_module(self) -> Any:
        """The driver; raises `ConfigError` where it is not installed."""
        try:
            return importlib.import_module(self.driver)
        except ImportError as error:
            raise ConfigError(
                f"The connection {self.conn_id!r} needs the package {self.driver!r}. "
                "Install it where the pipeline runs."
            ) from error

    def get_conn(self) -> Any:
        """Open a DB-API connection; raises `ConfigError` where the driver is not installed."""
        return self.driver_module.connect(**self._arguments(self._config()))

    def get_cursor(self) -> Any:
        """Give a cursor of a new connection."""
        return self.get_conn().cursor()

    def run(
        self,
        sql: str | Iterable[str],
        autocommit: bool = False,
        parameters: Any = None,
        handler: Handler | None = None,
        split_statements: bool | None = None,
        return_last: bool = True,
    ) -> Any:
        """Run statements in one transaction; with a `handler`, give what it makes of the cursor.

        Raises `ValueError` where there is no statement.
        """
        is_split = self.splits if split_statements is None else split_statements
        texts = self._statements(sql, is_split)
        results = []
        with closing(self.get_conn()) as connection:
            if self.supports_autocommit:
                self._set_autocommit(connection, autocommit)
            with closing(connection.cursor()) as cursor:
                for text in texts:
                    cursor.execute(text, *self._bound(parameters))
                    if handler is not None:
                        results.append(handler(cursor))
            if not (autocommit and self.supports_autocommit):
                connection.commit()
        if handler is None:
            return None
        alone = isinstance(sql, str) and (return_last or not is_split)
        return results[-1] if alone else results

    def get_records(self, sql: str | list[str], parameters: Any = None) -> Any:
        """Give all rows."""
        return self.run(sql, parameters=parameters, handler=fetch_all_handler)

    def get_first(self, sql: str | list[str], parameters: Any = None) -> Any:
        """Give the first row."""
        return self.run(sql, parameters=parameters, handler=fetch_one_handler)

    def get_pandas_df(self, sql: str, parameters: Any = None, **kwargs: Any) -> pd.DataFrame:
        """Give the rows as a data frame."""
        import pandas as pd

        with closing(self.get_conn()) as connection, closing(connection.cursor()) as cursor:
            cursor.execute(sql, *self._bound(parameters))
            columns = [column[0] for column in cursor.description]
            return pd.DataFrame.from_records(
                [tuple(row) for row in cursor.fetchall()], columns=columns, **kwargs
            )

    get_df = get_pandas_df

    def insert_rows(
        self,
        table: str,
        rows: Iterable[Sequence[Any]],
        target_fields: Sequence[str] | None = None,
        commit_every: int = 1000,
        replace: bool = False,
    ) -> None:
        """Insert rows one by one, as Airflow's hook does; `commit_every` of 0 commits at the end."""
        if replace:
            raise NotImplementedError("insert_rows(replace=True) is not the same in all databases.")
        fields = f" ({', '.join(target_fields)})" if target_fields else ""
        with closing(self.get_conn()) as connection:
            if self.supports_autocommit:
                self._set_autocommit(connection, False)
            with closing(connection.cursor()) as cursor:
                for count, row in enumerate(rows, start=1):
                    marks = ",".join([self.placeholder] * len(row))
                    cursor.execute(f"INSERT INTO {table}{fields} VALUES ({marks})", tuple(row))
                    if commit_every and count % commit_every == 0:
                        connection.commit()
            connection.commit()

    def get_uri(self) -> str:
        """Give the connection as a URI, with its password."""
        return self.get_connection(self.conn_id).get_uri()

    def get_sqlalchemy_engine(self, engine_kwargs: dict[str, Any] | None = None) -> Any:
        """Give an SQLAlchemy engine over connections of this hook."""
        from sqlalchemy import create_engine

        scheme = self.sqlalchemy_scheme or self.get_uri().partition("://")[0]
        return create_engine(f"{scheme}://", creator=self.get_conn, **(engine_kwargs or {}))

    def _config(self) -> ConnectionConfig:
        return load_config().connection(self.conn_id)

    def _arguments(self, config: ConnectionConfig) -> dict[str, Any]:
        """Give the arguments of the driver's `connect`."""
        given = {
            "host": config.host,
            "port": config.port,
            "user": config.user,
            "password": config.secret("password"),
            "database": self.schema or config.database or config.schema_name,
        }
        extras = self._extras(config)
        return {name: value for name, value in given.items() if value is not None} | extras

    def _extras(self, config: ConnectionConfig) -> dict[str, Any]:
        """Give those of the connection's extras that are arguments of `connect`."""
        return {}

    def _refuse(self, config: ConnectionConfig, names: Iterable[str]) -> None:
        """Raise `ConfigError` for extras that make the connection another one, not done here."""
        found = [name for name in names if config.extra.get(name)]
        if found:
            raise ConfigError(
                f"The connection {self.conn_id!r} has the extra {found[0]!r}, which "
                f"{type(self).__name__} does not do here. Take it out, or connect in code of your own."
            )

    def _set_autocommit(self, connection: Any, autocommit: bool) -> None:
        connection.autocommit = autocommit

    def _statements(self, sql: str | Iterable[str], is_split: bool) -> list[str]:
        if not isinstance(sql, str):
            texts = [*sql]
        elif is_split:
            texts = split(sql, self.dialect)
        else:
            texts = [sql] if sql.strip() else []
        if not texts:
            raise ValueError("There is no SQL statement to run.")
        return texts

    @staticmethod
    def _bound(parameters: Any) -> tuple[Any, ...]:
        return (parameters,) if parameters else ()
