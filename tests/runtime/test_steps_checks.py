"""SQL checks and the SQL sensor, on the embedded warehouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from runtime.config import ConnectionConfig
from runtime.exceptions import CheckFailedError, FailTask, WaitTimeoutError
from runtime.snowflake import connect, execute_sql
from runtime.steps import (
    check_columns,
    check_sql,
    check_sql_interval,
    check_sql_threshold,
    check_sql_value,
    check_table,
    wait_for_sql,
)
from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]

InStep = Callable[[Callable[[], Any]], Any]
HERE = "tests.runtime.test_steps_checks"
AT_ONCE: dict[str, Any] = {"poke_interval_seconds": 0.05, "timeout_seconds": 0}
ORDERS = """
    CREATE TABLE ORDERS (ID INT, DAY DATE, AMOUNT FLOAT, NOTE TEXT);
    INSERT INTO ORDERS VALUES (1, '2024-01-02', 10, 'a'), (2, '2024-01-02', 30, NULL),
        (3, '2023-12-26', 10, 'c')
"""


def more_than_one(value: int) -> bool:
    return value > 1


def second(row: tuple[Any, ...]) -> Any:
    return row[1]


@pytest.fixture
def orders(connection_config: ConnectionConfig, emitted_project: EmittedProject) -> None:
    """The table, on the connection `snowflake_default` of the run's pipeline."""
    with connect(connection_config) as session:
        execute_sql(session, ORDERS)
    values = connection_config.model_dump(mode="json", by_alias=True, exclude_none=True)
    values["password"] = connection_config.secret("password")
    settings = {"pipeline": "probe-dag", "connections": {"snowflake_default": values}}
    emitted_project.configure("probe_dag", settings)
    emitted_project.write("sql/count.sql", "SELECT COUNT(*) FROM ORDERS WHERE DAY = '{{ ds }}'")


def passes(in_step: InStep, *checks: tuple[Any, ...]) -> list[bool]:
    """Whether each check passes: steps with their arguments and options."""

    def one(step: Any, *args: Any) -> bool:
        try:
            step(*args[:-1], **args[-1])
        except (CheckFailedError, WaitTimeoutError):
            return False
        return True

    # One run of ZenML for all: a step that is called in a step is only its function.
    return list(in_step(lambda: [one(*check) for check in checks]))


def test_query(in_step: InStep, orders: None) -> None:
    assert passes(
        in_step,
        (check_sql, "count.sql", {}),
        (check_sql, "SELECT 1, 'x', 0", {}),
        (check_sql, "SELECT ID FROM ORDERS WHERE ID = 9", {}),
        (check_sql, "SELECT COUNT(*) FROM ORDERS WHERE ID = %(id)s", {"parameters": {"id": 2}}),
        (check_sql, "SELECT {{ params.n }}", {"params": {"n": 0}}),
    ) == [True, False, False, True, False]


def test_a_check_that_is_not_retried(in_step: InStep, orders: None) -> None:
    with pytest.raises(FailTask, match="gave \\(0,\\)"):
        in_step(lambda: check_sql("SELECT 0", retry_on_failure=False))
    with pytest.raises(FailTask, match="n: 1 = 2"):
        checks = {"n": {"check_statement": "1 = 2"}}
        in_step(lambda: check_table("ORDERS", checks, retry_on_failure=False))


def test_value(in_step: InStep, orders: None) -> None:
    assert passes(
        in_step,
        (check_sql_value, "count.sql", 2, {}),
        (check_sql_value, "count.sql", "{{ 1 + 1 }}", {}),
        (check_sql_value, "count.sql", 3, {}),
        (check_sql_value, "count.sql", 2.1, {"tolerance": 0.1}),
        (check_sql_value, "SELECT NOTE FROM ORDERS WHERE ID = 1", "a", {}),
        (check_sql_value, "SELECT NOTE FROM ORDERS WHERE ID = 9", "a", {}),
    ) == [True, True, False, True, True, False]


def test_threshold(in_step: InStep, orders: None) -> None:
    assert passes(
        in_step,
        (check_sql_threshold, "count.sql", 2, 2, {}),
        (check_sql_threshold, "count.sql", 2.5, 9, {}),
        (check_sql_threshold, "count.sql", "SELECT 1", "{{ 3 }}", {}),
        (check_sql_threshold, "SELECT ID FROM ORDERS WHERE ID = 9", 0, 9, {}),
        (check_sql_threshold, "SELECT NULL", 0, 9, {}),
    ) == [True, False, True, False, False]


def test_interval(in_step: InStep, orders: None) -> None:
    day = {"date_filter_column": "DAY"}
    zero = {"SUM(CASE WHEN NOTE = 'x' THEN 1 ELSE 0 END)": 2.0}
    assert passes(
        in_step,
        (check_sql_interval, "ORDERS", {"COUNT(*)": 2.5, "MIN(AMOUNT)": 1.1}, day),
        (check_sql_interval, "ORDERS", {"COUNT(*)": 2.0}, day),
        (
            check_sql_interval,
            "ORDERS",
            {"COUNT(*)": 1.5},
            {**day, "ratio_formula": "relative_diff"},
        ),
        (check_sql_interval, "ORDERS", {"COUNT(*)": 9.0}, {**day, "days_back": -3}),
        (
            check_sql_interval,
            "ORDERS",
            {"COUNT(*)": 9},
            {**day, "days_back": 3, "ignore_zero": False},
        ),
        (check_sql_interval, "ORDERS", zero, day),
        (check_sql_interval, "ORDERS", {"AMOUNT": 9}, {**day, "days_back": 3}),
    ) == [True, False, True, True, False, True, False]


def test_columns(in_step: InStep, orders: None) -> None:
    def check(checks: dict[str, Any], **options: Any) -> tuple[Any, ...]:
        return (check_columns, "ORDERS", checks, options)

    today = {"partition_clause": "DAY = '{{ ds }}'"}
    assert passes(
        in_step,
        check({"ID": {"null_check": {"equal_to": 0}, "unique_check": {"equal_to": 0}}}),
        check({"NOTE": {"null_check": {"equal_to": 0}}}),
        check({"NOTE": {"null_check": {"equal_to": 0, "partition_clause": "ID <> 2"}}}),
        check({"AMOUNT": {"max": {"less_than": 30}}}),
        check({"AMOUNT": {"max": {"less_than": 30, "tolerance": 0.1}}}),
        check({"AMOUNT": {"distinct_check": {"geq_to": 2, "leq_to": 2}}}, **today),
        check({"AMOUNT": {"min": {"greater_than": 5}}}, partition_clause="ID = 9"),
    ) == [True, False, True, False, True, True, False]


def test_table(in_step: InStep, orders: None) -> None:
    many = {"rows": {"check_statement": "COUNT(*) > 2"}}
    each = {"positive": {"check_statement": "AMOUNT > 15", "partition_clause": "ID = 2"}}
    assert passes(
        in_step,
        (check_table, "ORDERS", many, {}),
        (check_table, "ORDERS", many, {"partition_clause": "DAY = '{{ ds }}'"}),
        (check_table, "ORDERS", each, {}),
        (check_table, "ORDERS", {**many, **each}, {"partition_clause": "ID < 3"}),
    ) == [True, False, True, False]


def test_waiting_for_rows(in_step: InStep, orders: None) -> None:
    def wait(sql: str, **options: Any) -> tuple[Any, ...]:
        return (wait_for_sql, sql, {**AT_ONCE, **options})

    none = "SELECT ID FROM ORDERS WHERE ID = 9"
    assert passes(
        in_step,
        wait("count.sql"),
        wait("SELECT 0"),
        wait(none),
        wait("SELECT 1", success=f"{HERE}.more_than_one"),
        wait("SELECT 0, 2", selector=f"{HERE}.second", success=f"{HERE}.more_than_one"),
        wait("SELECT 1", failure=f"{HERE}.more_than_one"),
        wait("SELECT %(n)s", parameters={"n": 0}),
    ) == [True, False, False, False, True, True, False]
    with pytest.raises(CheckFailedError, match="fail_on_empty"):
        in_step(lambda: wait_for_sql(none, fail_on_empty=True))
    with pytest.raises(CheckFailedError, match="is true of 2"):
        in_step(lambda: wait_for_sql("SELECT 2", failure=f"{HERE}.more_than_one"))
