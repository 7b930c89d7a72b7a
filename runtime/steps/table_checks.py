"""Airflow's checks of the columns of a table, and of the table, as steps."""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue
from zenml import step

from runtime.checks import column_passes, columns_sql, failure, is_true, table_sql
from runtime.queries import Warehouse


@step(enable_cache=False)
def check_columns(
    table: str,
    column_mapping: dict[str, dict[str, dict[str, Any]]],
    partition_clause: str | None = None,
    accept_none: bool = True,
    params: dict[str, JsonValue] | None = None,
    retry_on_failure: bool = True,
    connection: str = "snowflake_default",
    database: str | None = None,
    schema_name: str | None = None,
    warehouse: str | None = None,
    role: str | None = None,
    timeout_seconds: float | None = None,
) -> None:
    """Fail where a column of a table is out of bounds.

    `column_mapping` has for each column its checks (`null_check`, `distinct_check`, `unique_check`,
    `min`, `max`), and for each check its bounds (`equal_to`, `greater_than`, `geq_to`, `less_than`,
    `leq_to`, `tolerance`) and maybe a `partition_clause`, which is SQL.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html
    """
    source = Warehouse(connection, database, schema_name, warehouse, role, timeout_seconds)
    rows = source.rows(columns_sql(table, column_mapping, partition_clause), None, params)
    failed = [
        f"{column} {check} is {value}, asked for {column_mapping[column][check]}"
        for column, check, value in rows
        if not column_passes(column_mapping[column][check], value, accept_none=accept_none)
    ]
    _tell(table, failed, bool(rows), retry_on_failure)


@step(enable_cache=False)
def check_table(
    table: str,
    checks: dict[str, dict[str, str]],
    partition_clause: str | None = None,
    params: dict[str, JsonValue] | None = None,
    retry_on_failure: bool = True,
    connection: str = "snowflake_default",
    database: str | None = None,
    schema_name: str | None = None,
    warehouse: str | None = None,
    role: str | None = None,
    timeout_seconds: float | None = None,
) -> None:
    """Fail where a statement about a table is false.

    `checks` has for each name a `check_statement`, and maybe a `partition_clause`; both are SQL.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html
    """
    source = Warehouse(connection, database, schema_name, warehouse, role, timeout_seconds)
    rows = source.rows(table_sql(table, checks, partition_clause), None, params)
    failed = [
        f"{name}: {checks[name]['check_statement']}" for name, value in rows if not is_true(value)
    ]
    _tell(table, failed, bool(rows), retry_on_failure)


def _tell(table: str, failed: list[str], has_rows: bool, retry_on_failure: bool) -> None:
    if has_rows and not failed:
        return
    detail = f"{'; '.join(failed)}" if has_rows else "the query gave no row"
    raise failure(f"Checks of the table {table} failed: {detail}.", retry_on_failure)
