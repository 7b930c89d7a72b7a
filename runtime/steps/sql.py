"""Airflow's SnowflakeOperator and SQLExecuteQueryOperator as a step."""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue
from zenml import log_metadata, step

from runtime.context import current_run, task_id
from runtime.row_values import json_rows
from runtime.snowflake import execute_sql
from runtime.sql_library import SqlLibrary
from runtime.steps.session import snowflake_session
from runtime.templates import render


@step(enable_cache=False)
def run_snowflake_sql(
    sql: str | list[str],
    parameters: dict[str, JsonValue] | list[JsonValue] | None = None,
    params: dict[str, JsonValue] | None = None,
    connection: str = "snowflake_default",
    database: str | None = None,
    schema_name: str | None = None,
    warehouse: str | None = None,
    role: str | None = None,
    split_statements: bool | None = None,
    return_last: bool = True,
    autocommit: bool = True,
    timeout_seconds: float | None = None,
) -> list[Any]:
    """Run SQL and return the rows of the last statement, or with `return_last=False` of each.

    Every `sql` is a file of the query library (`*.sql`) or SQL text, a template either way;
    `params` are laid over the run's params for it. `parameters` are bound values: a dict to
    `%(name)s`, a list to `%s`. Texts are split at `;` unless `split_statements` is False. Without
    `autocommit` all statements are one transaction. Rows hold JSON values: dates and times are
    ISO-like text, decimals are numbers. Past `timeout_seconds` the step is stopped, and Snowflake
    cancels its statement.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-snowflake/stable/operators/snowflake.html
    """
    run, task = current_run(), task_id()
    texts = [
        SqlLibrary().render(text, run, params, task_id=task).text
        for text in ([sql] if isinstance(sql, str) else sql)
    ]
    overrides = {
        "database": database,
        "schema_name": schema_name,
        "warehouse": warehouse,
        "role": role,
    }
    overrides, bindings, connection = render((overrides, parameters, connection), run, task)
    with snowflake_session(
        connection,
        run,
        task,
        timeout_seconds=timeout_seconds,
        overrides=overrides,
        autocommit=autocommit,
    ) as session:
        results = execute_sql(session, texts, bindings, split=split_statements is not False)
        if not autocommit:
            session.commit()
    log_metadata(
        {
            "query_ids": [result.query_id for result in results],
            "rowcounts": [result.rowcount for result in results],
        }
    )
    rows = [json_rows(result.rows) for result in results]
    return rows[-1] if return_last else rows
