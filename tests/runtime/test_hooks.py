"""Airflow's hooks over configured connections."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from runtime.airflow_names import BaseHook
from runtime.config import ConnectionConfig
from runtime.exceptions import ConfigError
from runtime.hooks import (
    DbApiHook,
    MsSqlHook,
    MySqlHook,
    PostgresHook,
    SnowflakeHook,
    SqliteHook,
    fetch_one_handler,
)
from runtime.hooks.splitting import split_statements
from tests.conftest import EmittedProject

InStep = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def sqlite(emitted_project: EmittedProject, in_step: InStep) -> InStep:
    """A step of a project whose connection `lite` is a file."""
    path = emitted_project.root / "data.db"
    text = f"connections:\n  lite: {{type: sqlite, host: {path}}}\n  empty: {{type: sqlite}}\n"
    emitted_project.write("configs/probe-dag.yaml", text)
    emitted_project.write("configs/probe_dag.yaml", text)
    return in_step


def test_statements_rows_and_frames(sqlite: InStep) -> None:
    def body() -> list[Any]:
        hook = SqliteHook(sqlite_conn_id="lite")
        hook.run("CREATE TABLE t (a INTEGER, b TEXT)")
        hook.insert_rows("t", [(1, "x"), (2, "y"), (3, "z")], ["a", "b"], commit_every=2)
        hook.run(["DELETE FROM t WHERE a = 1", "DELETE FROM t WHERE a = 2"], autocommit=True)
        frame = hook.get_pandas_df("SELECT * FROM t WHERE a > ?", parameters=(0,))
        script = "SELECT 1; SELECT 2"
        engine = hook.get_sqlalchemy_engine()
        with engine.connect() as connection:  # closed in the thread that it was made in
            by_engine = connection.exec_driver_sql("SELECT 5").scalar()
        engine.dispose()
        cursor = hook.get_cursor()
        with closing(cursor.connection), closing(cursor):
            by_cursor = cursor.execute("SELECT 6").fetchone()
        return [
            hook.get_records("SELECT * FROM t"),
            hook.get_first("SELECT b FROM t WHERE a = ?", parameters=(3,)),
            frame.to_dict("records"),
            hook.run("SELECT 1", handler=fetch_one_handler),
            hook.run(script, handler=fetch_one_handler, split_statements=True),
            hook.run(script, handler=fetch_one_handler, split_statements=True, return_last=False),
            hook.get_records("DELETE FROM t"),
            by_engine,
            by_cursor,
            [hook.conn_id, hook.get_uri().partition(":")[0], hook.log.name],
        ]

    assert sqlite(body) == [
        [(3, "z")],
        ("z",),
        [{"a": 3, "b": "z"}],
        (1,),
        (2,),
        [(1,), (2,)],
        None,
        5,
        (6,),
        ["lite", "sqlite", "runtime.hooks.databases.SqliteHook"],
    ]


def test_what_a_hook_needs(sqlite: InStep) -> None:
    with pytest.raises(ConfigError, match="has no `host`"):
        sqlite(lambda: SqliteHook("empty").get_conn())
    with pytest.raises(NotImplementedError, match="replace=True"):
        sqlite(lambda: SqliteHook("lite").insert_rows("t", [], replace=True))
    with pytest.raises(NotImplementedError, match="does not say how to connect"):
        BaseHook().get_conn()


def test_a_driver_that_is_not_installed() -> None:
    class Exotic(DbApiHook):
        driver = "no_such_driver_at_all"

    with pytest.raises(ConfigError, match="needs the package 'no_such_driver_at_all'"):
        Exotic().get_conn()


@pytest.mark.parametrize("hook", [PostgresHook, MySqlHook, MsSqlHook, SnowflakeHook, SqliteHook])
def test_connection_ids(hook: type[DbApiHook]) -> None:
    name = hook.conn_name_attr
    assert hook().conn_id == hook.default_conn_name
    assert getattr(hook("mine"), name) == "mine"
    assert hook(**{name: "mine"}).conn_id == "mine"


@pytest.mark.parametrize(
    ("hook", "extra", "expected"),
    [
        (PostgresHook, {"sslmode": "require"}, {"sslmode": "require", "database": "db"}),
        (MySqlHook, {"charset": "utf8", "other": 1}, {"charset": "utf8", "database": "db"}),
        (MsSqlHook, {"any": 1}, {"database": "db"}),
    ],
)
def test_extras_that_the_driver_takes(
    hook: type[DbApiHook], extra: dict[str, Any], expected: dict[str, Any]
) -> None:
    config = ConnectionConfig(host="h", schema="db", extra=extra)

    assert hook("c")._arguments(config) == {"host": "h", **expected}


@pytest.mark.parametrize(
    ("hook", "dialect"), [(PostgresHook, "postgresql"), (MySqlHook, "mysql"), (MsSqlHook, "mssql")]
)
def test_sqlalchemy_knows_the_database(hook: type[DbApiHook], dialect: str) -> None:
    from sqlalchemy.engine import make_url

    assert make_url(f"{hook.sqlalchemy_scheme}://").get_backend_name() == dialect


def test_extras_that_make_another_connection() -> None:
    config = ConnectionConfig(host="h", extra={"iam": True})

    with pytest.raises(ConfigError, match="'c' has the extra 'iam'"):
        PostgresHook("c")._arguments(config)


@pytest.mark.parametrize(
    ("sql", "dialect", "expected"),
    [
        ("SELECT 1", None, ["SELECT 1"]),
        (" ; ;SELECT 1;\n", "postgres", ["SELECT 1"]),
        ("SELECT 'a;b'; SELECT 2 -- ;", "sqlite", ["SELECT 'a;b'", "SELECT 2"]),
        ("DO $$BEGIN; END$$; SELECT %(a)s", "postgres", ["DO $$BEGIN; END$$", "SELECT %(a)s"]),
        ("/* ; */ SELECT `a;b`;", "mysql", ["SELECT `a;b`"]),
        ("-- only this", "postgres", []),
    ],
)
def test_statements_stay_as_they_are_written(
    sql: str, dialect: str | None, expected: list[str]
) -> None:
    assert split_statements(sql, dialect) == expected
