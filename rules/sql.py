"""SQL on a connection of any database that the runtime has a hook for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import (
    constant_name,
    function_path,
    given,
    params,
    pass_on,
    present,
    same_as_default,
    step,
)
from rules.registry import Example, rule
from rules.result_use import report_use_of_result
from rules.sql_connections import Source, source_arguments, source_of
from transpiler.model.pipeline import Expr

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import StepCall

_HANDLERS = ("fetch_all_handler", "fetch_one_handler")

_SNOWFLAKE_CONNECTION = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    SQLExecuteQueryOperator(
        task_id="delete_day",
        conn_id="warehouse",
        sql="DELETE FROM ANALYTICS.RAW.ORDERS WHERE ORDERED_AT = %(day)s",
        parameters={"day": "{{ ds }}"},
    )
""",
    after="""\
run_snowflake_sql(
    "nightly/delete_day.sql",
    connection="warehouse",
    parameters={"day": "{{ ds }}"},
    id="delete_day",
)
""",
    config="""\
connections:
  warehouse: {type: snowflake}
""",
)
_POSTGRES = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    SQLExecuteQueryOperator(
        task_id="delete_day",
        conn_id="postgres_shop",
        sql="DELETE FROM orders WHERE ordered_at = %(day)s",
        parameters={"day": "{{ ds }}"},
    )
""",
    after="""\
run_sql(
    "nightly/delete_day.sql",
    connection="postgres_shop",
    parameters={"day": "{{ ds }}"},
    id="delete_day",
)
""",
)


@rule(
    "airflow.providers.common.sql.operators.sql.SQLExecuteQueryOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html",
    examples=[_SNOWFLAKE_CONNECTION, _POSTGRES],
)
def sql_execute_query_operator(task: TaskReader, to: Lowering) -> StepCall:
    """SQL on a Snowflake connection runs by `run_snowflake_sql`, on another database by `run_sql`;
    its text goes to the SQL library.

    Airflow knows a connection's type from its database; here migration.yaml says it
    (`connections`), or else a connection id that contains it (`snowflake_etl`, `postgres_shop`), or
    else the configuration when the pipeline runs.
    """
    source = source_of(task, to, task.require("conn_id"))
    if source.is_snowflake:
        return snowflake_sql(task, to, source)
    return database_sql(task, to, source)


def snowflake_sql(task: TaskReader, to: Lowering, source: Source) -> StepCall:
    """The step call for SQL on Snowflake, from the arguments that all SQL operators have."""
    _take_results(task)
    handler = task.task.arguments.get("handler")
    if handler is not None and constant_name(handler.value) == _HANDLERS[0]:
        task.take("handler")
    same_as_default(task, handler=None)
    names = to.sql.names(task.require("sql"), task.task)
    kwargs: dict[str, Expr | None] = {
        **source_arguments(task, to, source),
        **pass_on(task, to, {"parameters": "parameters"}),
        "params": params(task, to),
        "autocommit": _autocommit(task, to),
        **pass_on(task, to, {"split_statements": "split_statements", "return_last": "return_last"}),
    }
    return step("run_snowflake_sql", task, one_or_list(names), kwargs=present(**kwargs))


def database_sql(task: TaskReader, to: Lowering, source: Source) -> StepCall:
    """The step call for SQL on any other database."""
    _take_results(task)
    report_use_of_result(task, to, "rows as tuples", "rows as lists of JSON values")
    names = to.sql.names(task.require("sql"), task.task, source.dialect)
    unchanged = ("parameters", "autocommit", "split_statements", "return_last")
    kwargs = {
        **source_arguments(task, to, source),
        **pass_on(task, to, {name: name for name in unchanged}),
        **present(params=params(task, to), handler=_handler(task, to)),
    }
    return step("run_sql", task, one_or_list(names), kwargs=kwargs)


def _handler(task: TaskReader, to: Lowering) -> Expr | None:
    """The function that makes the result of the cursor, None for the usual one."""
    argument = task.take("handler")
    if argument is None:
        return None
    if argument.value is None:
        return to.literal(None)
    name = constant_name(argument.value)
    if name in _HANDLERS:
        return None if name == _HANDLERS[0] else to.literal(f"runtime.hooks.{name}")
    return function_path(task, to, "handler")


def _autocommit(task: TaskReader, to: Lowering) -> Expr | None:
    """Airflow commits once at the end, unless told otherwise; the step commits each statement.

    Said only where it makes a difference: where more than one statement changes rows.
    """
    argument = given(task, "autocommit")
    if argument is not None and argument.value is True:
        return None
    return None if to.sql.is_one_change(task.task_id) else to.literal(False)


def one_or_list(names: Expr | list[Expr]) -> Expr:
    """Several expressions as one list expression."""
    if isinstance(names, Expr):
        return names
    codes = ", ".join(name.code for name in names)
    return Expr(f"[{codes}]", frozenset().union(*(name.names for name in names)))


def _take_results(task: TaskReader) -> None:
    """Arguments that shape the result in Airflow's XCom and its log."""
    task.not_needed("show_return_value_in_logs", why="ZenML keeps the return value as an artifact")
    task.not_needed("requires_result_fetch", why="the step always waits for the result")
    task.not_needed("retry_on_failure", why="the step is retried as the pipeline says")
    same_as_default(task, output_processor=None)
