"""Airflow's SQL checks of one query as steps."""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue
from zenml import step

from runtime.checks import RATIOS, equals, failure, number_or_text
from runtime.context import current_run, task_id
from runtime.exceptions import CheckFailedError
from runtime.queries import Warehouse
from runtime.templates import render


@step(enable_cache=False)
def check_sql(
    sql: str,
    parameters: dict[str, JsonValue] | list[JsonValue] | None = None,
    params: dict[str, JsonValue] | None = None,
    retry_on_failure: bool = True,
    connection: str = "snowflake_default",
    database: str | None = None,
    schema_name: str | None = None,
    warehouse: str | None = None,
    role: str | None = None,
    timeout_seconds: float | None = None,
) -> None:
    """Fail unless SQL gives a row, and every value of its first row is true.

    SQL, parameters and session are those of `run_snowflake_sql`. Raises `CheckFailedError`, or
    without `retry_on_failure` `FailTask`.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html
    """
    source = Warehouse(connection, database, schema_name, warehouse, role, timeout_seconds)
    row = source.first_row(sql, parameters, params)
    if not row or not all(row):
        raise failure(f"The SQL {sql[:200]!r} gave {row!r}.", retry_on_failure)


@step(enable_cache=False)
def check_sql_value(
    sql: str,
    pass_value: JsonValue,
    tolerance: float | None = None,
    parameters: dict[str, JsonValue] | list[JsonValue] | None = None,
    params: dict[str, JsonValue] | None = None,
    retry_on_failure: bool = True,
    connection: str = "snowflake_default",
    database: str | None = None,
    schema_name: str | None = None,
    warehouse: str | None = None,
    role: str | None = None,
    timeout_seconds: float | None = None,
) -> None:
    """Fail unless every value of SQL's first row is `pass_value`, a template.

    Numbers may be off by `tolerance` (0.1 for 10 %). The rest is as in `check_sql`.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html
    """
    source = Warehouse(connection, database, schema_name, warehouse, role, timeout_seconds)
    expected = render(str(pass_value), current_run(), task_id())
    row = source.first_row(sql, parameters, params)
    if not row or not equals(row, expected, tolerance):
        detail = f"The SQL {sql[:200]!r} gave {row!r}, not {expected!r}."
        raise failure(detail, retry_on_failure)


@step(enable_cache=False)
def check_sql_threshold(
    sql: str,
    min_threshold: float | str,
    max_threshold: float | str,
    params: dict[str, JsonValue] | None = None,
    retry_on_failure: bool = True,
    connection: str = "snowflake_default",
    database: str | None = None,
    schema_name: str | None = None,
    warehouse: str | None = None,
    role: str | None = None,
    timeout_seconds: float | None = None,
) -> None:
    """Fail unless the first cell that SQL gives is between two numbers, both included.

    A threshold may be SQL that gives the number. The rest is as in `check_sql`.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html
    """
    source = Warehouse(connection, database, schema_name, warehouse, role, timeout_seconds)

    def bound(threshold: float | str) -> Any:
        known = number_or_text(render(threshold, current_run(), task_id()))
        return known if isinstance(known, float) else _cell(source, known, params)

    value = _cell(source, sql, params)
    low, high = bound(min_threshold), bound(max_threshold)
    if value is None or not low <= value <= high:
        detail = f"The SQL {sql[:200]!r} gave {value!r}, which is not from {low} to {high}."
        raise failure(detail, retry_on_failure)


@step(enable_cache=False)
def check_sql_interval(
    table: str,
    metrics_thresholds: dict[str, float],
    date_filter_column: str = "ds",
    days_back: int = 7,
    ratio_formula: str = "max_over_min",
    ignore_zero: bool = True,
    params: dict[str, JsonValue] | None = None,
    retry_on_failure: bool = True,
    connection: str = "snowflake_default",
    database: str | None = None,
    schema_name: str | None = None,
    warehouse: str | None = None,
    role: str | None = None,
    timeout_seconds: float | None = None,
) -> None:
    """Fail where a metric differs too much from what it was `days_back` days ago.

    `metrics_thresholds` has the highest ratio for each SQL expression. `ratio_formula` is
    `max_over_min` or `relative_diff`; zeros pass with `ignore_zero`.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html
    """
    source = Warehouse(connection, database, schema_name, warehouse, role, timeout_seconds)
    metrics = sorted(metrics_thresholds)
    query = f"SELECT {', '.join(metrics)} FROM {table} WHERE {date_filter_column}="
    past = source.first_row(
        f"{query}'{{{{ macros.ds_add(ds, {-abs(days_back)}) }}}}'", None, params
    )
    current = source.first_row(f"{query}'{{{{ ds }}}}'", None, params)
    if not past or not current:
        raise failure(f"The table {table} has no row of one of the days.", retry_on_failure)
    ratio = RATIOS[ratio_formula]
    failed = [
        metric
        for metric, now, then in zip(metrics, current, past, strict=True)
        if not (
            ignore_zero if now == 0 or then == 0 else ratio(now, then) < metrics_thresholds[metric]
        )
    ]
    if failed:
        detail = f"These metrics of {table} changed too much: {', '.join(failed)}."
        raise failure(f"{detail} Now {current!r}, then {past!r}.", retry_on_failure)


def _cell(source: Warehouse, sql: str, params: dict[str, JsonValue] | None) -> Any:
    row = source.first_row(sql, None, params)
    if not row:
        raise CheckFailedError(f"The SQL {sql[:200]!r} gave no row.")
    return row[0]
