"""The databases that have a hook, each by the driver that Airflow's provider uses."""

from __future__ import annotations

import sqlite3
from typing import Any

from runtime.config import ConnectionConfig, load_config
from runtime.exceptions import ConfigError
from runtime.hooks.sql import DbApiHook


class PostgresHook(DbApiHook):
    """PostgreSQL, by psycopg2; the connection's extras are options of libpq (`sslmode`, …)."""

    conn_name_attr = "postgres_conn_id"
    default_conn_name = "postgres_default"
    driver = "psycopg2"
    dialect = "postgres"
    sqlalchemy_scheme = "postgresql+psycopg2"

    def get_uri(self) -> str:
        """Give the connection as a URI, with its password, by the name that libpq takes."""
        return f"postgresql://{super().get_uri().partition('://')[2]}"

    def _extras(self, config: ConnectionConfig) -> dict[str, Any]:
        self._refuse(config, ("iam", "redshift", "redshift-serverless", "cursor"))
        return {name: value for name, value in config.extra.items() if value not in (None, "")}


class MySqlHook(DbApiHook):
    """MySQL, by MySQLdb (mysqlclient)."""

    conn_name_attr = "mysql_conn_id"
    default_conn_name = "mysql_default"
    driver = "MySQLdb"
    dialect = "mysql"
    sqlalchemy_scheme = "mysql+mysqldb"

    def _extras(self, config: ConnectionConfig) -> dict[str, Any]:
        self._refuse(config, ("iam", "cursor", "client"))
        names = ("charset", "use_unicode", "unix_socket", "ssl", "ssl_mode")
        return {name: config.extra[name] for name in names if config.extra.get(name)}

    def _set_autocommit(self, connection: Any, autocommit: bool) -> None:
        connection.autocommit(autocommit)


class MsSqlHook(DbApiHook):
    """Microsoft SQL Server, by pymssql."""

    conn_name_attr = "mssql_conn_id"
    default_conn_name = "mssql_default"
    driver = "pymssql"
    dialect = "tsql"
    sqlalchemy_scheme = "mssql+pymssql"

    def _set_autocommit(self, connection: Any, autocommit: bool) -> None:
        connection.autocommit(autocommit)


class SqliteHook(DbApiHook):
    """SQLite; the connection's host is the file. As in Airflow, `autocommit` changes nothing."""

    conn_name_attr = "sqlite_conn_id"
    default_conn_name = "sqlite_default"
    driver = "sqlite3"
    dialect = "sqlite"
    placeholder = "?"
    supports_autocommit = False

    def get_conn(self) -> sqlite3.Connection:
        """Open the file."""
        config = self._config()
        if not config.host:
            raise ConfigError(f"The connection {self.conn_id!r} has no `host`: the file to open.")
        return sqlite3.connect(config.host)


class SnowflakeHook(DbApiHook):
    """Snowflake, by its connector; the session's settings may be given here."""

    conn_name_attr = "snowflake_conn_id"
    default_conn_name = "snowflake_default"
    driver = "snowflake.connector"
    dialect = "snowflake"
    splits = True

    def __init__(self, *args: Any, schema: str | None = None, **kwargs: Any) -> None:
        """Take the connection id and settings of the session."""
        super().__init__(*args, schema=schema, **kwargs)
        names = ("account", "database", "warehouse", "role", "authenticator")
        given = {**{name: kwargs.get(name) for name in names}, "schema_name": schema}
        self._changes = {name: value for name, value in given.items() if value is not None}

    def get_conn(self) -> Any:
        """Open a session."""
        from runtime.snowflake import connect

        return connect(self._config().model_copy(update=self._changes))

    def get_sqlalchemy_engine(self, engine_kwargs: dict[str, Any] | None = None) -> Any:
        """Give an SQLAlchemy engine; it needs the package snowflake-sqlalchemy."""
        from sqlalchemy import create_engine

        return create_engine("snowflake://", creator=self.get_conn, **(engine_kwargs or {}))

    def _set_autocommit(self, connection: Any, autocommit: bool) -> None:
        connection.autocommit(autocommit)


_BY_TYPE: dict[str, type[DbApiHook]] = {
    "mssql": MsSqlHook,
    "mysql": MySqlHook,
    "postgres": PostgresHook,
    "snowflake": SnowflakeHook,
    "sqlite": SqliteHook,
}
"""By Airflow's connection type."""


def hook_of(connection: str, database: str | None = None) -> DbApiHook:
    """Give the hook for a configured connection, by its type; `database` is used instead of the
    configured one. Raises `ConfigError` for a type that has no hook.
    """
    kind = load_config().connection(connection).type
    if kind not in _BY_TYPE:
        raise ConfigError(
            f"The connection {connection!r} is of type {kind!r}, which SQL cannot be run on. "
            f"Set its type to one of {', '.join(sorted(_BY_TYPE))}."
        )
    return _BY_TYPE[kind](connection, schema=database)
