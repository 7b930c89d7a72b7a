"""SQL on other databases than Snowflake: steps, checks, sensor and branch, on SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from runtime.exceptions import CheckFailedError, ConfigError
from runtime.row_values import json_rows
from runtime.steps import (
    branch_sql,
    check_columns,
    check_sql,
    check_sql_interval,
    check_sql_threshold,
    check_table,
    run_sql,
    wait_for_sql,
)
from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]

InStep = Callable[[Callable[[], Any]], Any]
HERE = "tests.runtime.test_steps_database"


def columns(cursor: Any) -> list[str]:
    return [column[0] for column in cursor.description]


@pytest.fixture
def shop(emitted_project: EmittedProject) -> Path:
    """A file with the table `orders`, the connection `shop` of the run's pipeline."""
    path: Path = emitted_project.root / "shop.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "CREATE TABLE orders (id INTEGER, day TEXT, amount REAL);"
            "INSERT INTO orders VALUES (1, '2024-01-02', 10), (2, '2024-01-02', 30),"
            " (3, '2023-12-26', 10)"
        )
    connections = {
        "shop": {"type": "sqlite", "host": str(path)},
        "files": {"type": "ftp", "host": "localhost"},
    }
    emitted_project.configure("probe_dag", {"pipeline": "probe-dag", "connections": connections})
    emitted_project.write("sql/day.sql", "SELECT id, amount FROM orders WHERE day = '{{ ds }}'")
    return path


def ids(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM orders ORDER BY id")]


def test_results(in_step: InStep, shop: Path) -> None:
    two = "SELECT 1; -- ; no end\nSELECT ';' -- two"

    def body() -> list[Any]:
        return [
            run_sql("day.sql", "shop"),
            run_sql(["SELECT 1", "SELECT 2"], "shop"),
            run_sql("SELECT :a + {{ params.b }}", "shop", {"a": 1}, params={"b": 2}),
            run_sql("SELECT ?", "{{ 'shop' }}", ["{{ ds }}"]),
            run_sql("SELECT 1", "shop", handler="runtime.hooks.fetch_one_handler"),
            run_sql("SELECT 1 AS n", "shop", handler=f"{HERE}.columns"),
            run_sql("SELECT 1", "shop", handler=None),
            run_sql("UPDATE orders SET amount = 0 WHERE id = 9", "shop"),
            run_sql(two, "shop", split_statements=True),
            run_sql(two, "shop", split_statements=True, return_last=False),
            run_sql("SELECT 1", "shop", return_last=False),
        ]

    assert in_step(body) == [
        [[1, 10.0], [2, 30.0]],
        [[[1]], [[2]]],
        [[3]],
        [["2024-01-02"]],
        [1],
        ["n"],
        None,
        None,
        [[";"]],
        [[[1]], [[";"]]],
        [[1]],
    ]


@pytest.mark.parametrize("autocommit", [False, True])
def test_what_fails_changes_nothing(autocommit: bool, in_step: InStep, shop: Path) -> None:
    statements = ["DELETE FROM orders WHERE id = 1", "DELETE FROM no_such_table"]

    with pytest.raises(sqlite3.OperationalError, match="no_such_table"):
        in_step(lambda: run_sql(statements, "shop", autocommit=autocommit))
    assert ids(shop) == [1, 2, 3]

    in_step(lambda: run_sql(statements[0], "shop", autocommit=autocommit))
    assert ids(shop) == [2, 3]


def test_what_cannot_be_run(in_step: InStep, shop: Path) -> None:
    with pytest.raises(ValueError, match="no SQL statement"):
        in_step(lambda: run_sql(" ", "shop"))
    with pytest.raises(ConfigError, match="of type 'ftp'.*mssql, mysql, postgres"):
        in_step(lambda: run_sql("SELECT 1", "files"))


def test_checks_sensor_and_branch(in_step: InStep, shop: Path) -> None:
    on = {"connection": "shop"}
    follow = {"follow_task_ids_if_true": "yes", "follow_task_ids_if_false": "no", **on}

    def fails(step: Any, *args: Any, **kwargs: Any) -> bool:
        try:
            step(*args, **on, **kwargs)
        except CheckFailedError:
            return True
        return False

    def body() -> list[Any]:
        wait_for_sql("day.sql", **on)
        return [
            fails(check_sql, "day.sql"),
            fails(check_sql, "SELECT COUNT(*) FROM orders WHERE id = ?", parameters=[9]),
            fails(check_sql, "UPDATE orders SET id = id"),
            fails(check_sql_threshold, "SELECT MAX(amount) FROM orders", 30, "SELECT 30"),
            fails(check_sql_interval, "orders", {"COUNT(*)": 1.5}, "day"),
            fails(check_columns, "orders", {"id": {"unique_check": {"equal_to": 0}}}),
            fails(check_table, "orders", {"n": {"check_statement": "COUNT(*) = 4"}}),
            branch_sql("SELECT COUNT(*) FROM orders WHERE day = '{{ ds }}'", **follow),
            branch_sql("SELECT 'off'", **follow),
        ]

    assert in_step(body) == [False, True, True, False, True, False, True, "yes", "no"]


def test_values_of_rows() -> None:
    rows = [(Decimal("1.50"), Decimal(2), b"\x01", memoryview(b"\x02"), {"a": 1}, None)]

    assert json_rows(rows) == [[1.5, 2, "01", "02", {"a": 1}, None]]
