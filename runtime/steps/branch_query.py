"""Airflow's BranchSQLOperator as a step."""

from __future__ import annotations

from pydantic import JsonValue
from zenml import step

from runtime.queries import Warehouse
from runtime.row_values import json_value

_YES = frozenset({"true", "y", "yes", "t", "on", "1"})
_NO = frozenset({"false", "n", "no", "f", "off", "0"})


@step(enable_cache=False)
def branch_sql(
    sql: str,
    follow_task_ids_if_true: str | list[str],
    follow_task_ids_if_false: str | list[str],
    parameters: dict[str, JsonValue] | list[JsonValue] | None = None,
    params: dict[str, JsonValue] | None = None,
    connection: str = "snowflake_default",
    database: str | None = None,
    schema_name: str | None = None,
    warehouse: str | None = None,
    role: str | None = None,
    timeout_seconds: float | None = None,
) -> str | list[str]:
    """Give the ids to follow by the first value of a query: a truth value, a number, or a text like
    `yes` or `off`.

    The other arguments are those of `run_snowflake_sql`. Raises `ValueError` where the query gives
    no row, or a value that is neither true nor false.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html
    """
    source = Warehouse(connection, database, schema_name, warehouse, role, timeout_seconds)
    row = source.first_row(sql, parameters, params)
    if not row:
        raise ValueError("The query gives no row. It must give one that is true or false.")
    value = json_value(row[0])
    return follow_task_ids_if_true if is_true(value) else follow_task_ids_if_false


def is_true(value: JsonValue) -> bool:
    """The truth of a query's value, as Airflow reads it. Raises ValueError for anything else."""
    if isinstance(value, (bool, int)):
        return bool(value)
    text = value.lower() if isinstance(value, str) else None
    if text in _YES or text in _NO:
        return text in _YES
    raise ValueError(f"The query gives {value!r}, which is neither true nor false.")
