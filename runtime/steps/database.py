"""Airflow's SQLExecuteQueryOperator on any database that has a hook, as a step."""

from __future__ import annotations

from typing import Any

from pydantic import JsonValue
from zenml import step

from runtime.context import current_run, task_id
from runtime.dagrun.outcome import airflow_task
from runtime.functions import load_function
from runtime.hooks import hook_of
from runtime.row_values import json_rows
from runtime.sql_library import SqlLibrary
from runtime.templates import render
from runtime.timeouts import time_limit

_OF_ROWS = ("runtime.hooks.fetch_all_handler", "runtime.hooks.fetch_one_handler")


@step(enable_cache=False)
@airflow_task(typed=True)
def run_sql(
    sql: str | list[str],
    connection: str,
    parameters: dict[str, JsonValue] | list[JsonValue] | None = None,
    params: dict[str, JsonValue] | None = None,
    database: str | None = None,
    autocommit: bool = False,
    split_statements: bool | None = None,
    return_last: bool = True,
    handler: str | None = "runtime.hooks.fetch_all_handler",
    timeout_seconds: float | None = None,
) -> Any:
    """Run SQL on a configured connection of any type that `runtime.hooks` has, and return its rows.

    Every `sql` is a file of the query library (`*.sql`) or SQL text, a template either way; `params`
    are laid over the run's params for it. `parameters` are bound values, in the form that the
    database's driver takes. All is one transaction unless `autocommit` is set. A text is one
    statement unless `split_statements` is set; a list of texts, and with `return_last=False` a
    split text, give a list with the result of each. `handler` is the dotted path of a function that
    makes the result of the cursor; the rows of the usual ones hold JSON values, as those of
    `run_snowflake_sql` do. Past `timeout_seconds` the step is stopped.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html
    """
    run, task = current_run(), task_id()
    texts = [
        SqlLibrary().render(text, run, params, task_id=task).text
        for text in ([sql] if isinstance(sql, str) else sql)
    ]
    bound, name, schema = render((parameters, connection, database), run, task)
    hook = hook_of(name, schema)
    # Not within the time limit: an import that is interrupted stays broken for the whole process.
    hook.driver_module  # noqa: B018
    with time_limit(timeout_seconds):
        result = hook.run(
            texts[0] if isinstance(sql, str) else texts,
            autocommit=autocommit,
            parameters=bound,
            handler=load_function(handler) if handler else None,
            split_statements=split_statements,
            return_last=return_last,
        )
    return json_rows(result) if handler in _OF_ROWS else result
