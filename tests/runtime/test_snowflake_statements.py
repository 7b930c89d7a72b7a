"""Statements run against the embedded warehouse."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from runtime.config import ConnectionConfig
from runtime.snowflake import connect, execute_sql, statements
from runtime.snowflake.errors import SqlExecutionError

if TYPE_CHECKING:
    from snowflake.connector import SnowflakeConnection


def test_statements_are_split_and_counted(connection: SnowflakeConnection) -> None:
    results = execute_sql(
        connection,
        """
        -- a comment; with a semicolon
        CREATE TABLE t (id NUMBER, name VARCHAR);
        INSERT INTO t VALUES (1, 'a;b'), (2, 'c');  /* done; */
        SELECT id, name FROM t ORDER BY id; -- the end
        ;
        """,
    )
    assert [result.rowcount for result in results] == [1, 2, 2]
    assert results[2].rows == [(1, "a;b"), (2, "c")]
    assert results[2].first_row == (1, "a;b")
    assert results[2].columns == ("ID", "NAME")
    assert results[2].types == ("FIXED", "TEXT")
    assert all(result.query_id for result in results)


def test_first_row_of_nothing(connection: SnowflakeConnection) -> None:
    (result,) = execute_sql(connection, "SELECT 1 WHERE 1 = 0")
    assert result.first_row is None


def test_a_list_runs_in_order(connection: SnowflakeConnection) -> None:
    results = execute_sql(connection, ["CREATE TABLE t (id NUMBER)", "SELECT 1; SELECT 2"])
    assert [result.first_row for result in results[1:]] == [(1,), (2,)]


@pytest.mark.parametrize(
    ("sql", "bindings", "expected"),
    [
        ("SELECT %s, %s", ["a'b", 3], ("a'b", 3)),
        ("SELECT %(who)s", {"who": "x; DROP TABLE t"}, ("x; DROP TABLE t",)),
        ("SELECT 'a' LIKE '%a'", None, (True,)),
    ],
)
def test_bindings(
    connection: SnowflakeConnection, sql: str, bindings: object, expected: tuple[object, ...]
) -> None:
    (result,) = execute_sql(connection, sql, bindings)  # type: ignore[arg-type]
    assert result.first_row == expected


@pytest.mark.parametrize("sql", ["", " ; ", "-- nothing\n", "/* a */ // b", []])
def test_no_statement_is_an_error(connection: SnowflakeConnection, sql: str | list[str]) -> None:
    with pytest.raises(SqlExecutionError, match="holds no statement"):
        execute_sql(connection, sql)


def test_an_error_names_the_statement(connection: SnowflakeConnection) -> None:
    with pytest.raises(SqlExecutionError) as caught:
        execute_sql(
            connection, "SELECT 1; -- why\nSELECT *\nFROM nowhere" + " " * 3 + "-- " + "x" * 200
        )
    error = caught.value
    assert str(error).startswith("Statement 2 of 2 failed: ")
    assert "SQL: SELECT * FROM nowhere -- xxx" in str(error)
    assert str(error).endswith("...")
    assert (error.errno, error.sqlstate) == (2003, "42S02")


def test_without_split_a_text_is_one_statement(connection: SnowflakeConnection) -> None:
    (result,) = execute_sql(connection, "SELECT ';'", split=False)
    assert result.first_row == (";",)


def test_a_lock_conflict_is_tried_again(
    connection: SnowflakeConnection, connection_config: ConnectionConfig
) -> None:
    execute_sql(connection, "CREATE TABLE t (v NUMBER); INSERT INTO t VALUES (1)")
    with connect(connection_config) as other:
        execute_sql(other, "BEGIN; UPDATE t SET v = 2")

        def commit_soon() -> None:
            time.sleep(0.3)
            execute_sql(other, "COMMIT")

        thread = threading.Thread(target=commit_soon)
        thread.start()
        execute_sql(connection, "UPDATE t SET v = v + 10")
        thread.join()
    assert execute_sql(connection, "SELECT v FROM t")[0].rows == [(12,)]


def test_a_lasting_lock_conflict_fails(
    connection: SnowflakeConnection,
    connection_config: ConnectionConfig,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(statements, "FIRST_DELAY_SECONDS", 0.01)
    execute_sql(connection, "CREATE TABLE t (v NUMBER); INSERT INTO t VALUES (1)")
    with connect(connection_config) as other:
        execute_sql(other, "BEGIN; UPDATE t SET v = 2")
        with pytest.raises(SqlExecutionError, match="lock conflict") as caught:
            execute_sql(connection, "UPDATE t SET v = v + 10")
        execute_sql(other, "ROLLBACK")
    assert caught.value.errno == 625
