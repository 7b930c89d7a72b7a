"""SQL on a connection that some hook of Airflow serves; the runtime serves Snowflake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import (
    constant_name,
    given,
    params,
    pass_on,
    refused,
    same_as_default,
    step,
)
from rules.registry import Example, rule
from transpiler.model.dag import Argument
from transpiler.model.pipeline import Expr
from transpiler.model.values import is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import StepCall

DEFAULT_CONNECTION = "snowflake_default"
SESSION = {
    "warehouse": "warehouse",
    "database": "database",
    "schema": "schema_name",
    "role": "role",
}
"""Parameter of the step for each setting of the session."""
_FETCH_ALL = "fetch_all_handler"

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


@rule(
    "airflow.providers.common.sql.operators.sql.SQLExecuteQueryOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/operators.html",
    examples=[_SNOWFLAKE_CONNECTION],
)
def sql_execute_query_operator(task: TaskReader, to: Lowering) -> StepCall:
    """SQL on a Snowflake connection runs by `run_snowflake_sql`; its text goes to the SQL library.

    Airflow knows a connection's type from its database; here migration.yaml says it
    (`connections`), or else a connection id that contains `snowflake`.
    """
    connection = task.require("conn_id")
    refuse_other_databases(task, to, connection)
    return snowflake_sql(task, to, connection)


def snowflake_sql(task: TaskReader, to: Lowering, connection: Argument | None) -> StepCall:
    """The step call for SQL on Snowflake, from the arguments that all SQL operators have."""
    _take_results(task)
    names = to.sql.names(task.require("sql"), task.task)
    kwargs: dict[str, Expr | None] = {
        **snowflake_source(task, to, connection),
        **pass_on(task, to, {"parameters": "parameters"}),
        "params": params(task, to),
        "autocommit": _autocommit(task, to),
        **pass_on(task, to, {"split_statements": "split_statements", "return_last": "return_last"}),
    }
    present = {name: value for name, value in kwargs.items() if value is not None}
    return step("run_snowflake_sql", task, one_or_list(names), kwargs=present)


def snowflake_source(
    task: TaskReader, to: Lowering, connection: Argument | None
) -> dict[str, Expr]:
    """The arguments of a step that say which connection it asks, and in which session."""
    session = _session(task, to)
    _note_connection(task, to, connection)
    conn_id = _connection(to, connection)
    return session if conn_id is None else {"connection": conn_id, **session}


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


def refuse_other_databases(task: TaskReader, to: Lowering, connection: Argument) -> None:
    """Raise UntranslatableError for a connection that is not known to be Snowflake's."""
    conn_id = connection.value
    if not isinstance(conn_id, str):
        raise refused(task, connection, "conn_id is not known from the file")
    known = to.config.connections.get(conn_id)
    if known is None and "snowflake" not in conn_id.lower():
        raise refused(
            task,
            connection,
            f"the type of the connection {conn_id!r} is not known; name it in migration.yaml "
            "(connections), if it is snowflake",
        )
    if known is not None and known.type != "snowflake":
        raise refused(
            task,
            connection,
            f"the connection {conn_id!r} is of type {known.type}; only snowflake can be run",
        )


def _take_results(task: TaskReader) -> None:
    """Arguments that shape the result in Airflow's XCom and its log."""
    task.not_needed("show_return_value_in_logs", why="ZenML keeps the return value as an artifact")
    task.not_needed("requires_result_fetch", why="the step always waits for the result")
    task.not_needed("retry_on_failure", why="the step is retried as the pipeline says")
    handler = task.task.arguments.get("handler")
    if handler is not None and constant_name(handler.value) == _FETCH_ALL:
        task.take("handler")
    same_as_default(task, handler=None, output_processor=None)


def _session(task: TaskReader, to: Lowering) -> dict[str, Expr]:
    """Warehouse, database, schema and role, from arguments of their own or from `hook_params`."""
    session = pass_on(task, to, SESSION)
    hook_params = given(task, "hook_params")
    if hook_params is None:
        return session
    value = hook_params.value
    if not isinstance(value, dict) or not is_known(value):
        raise refused(task, hook_params, "hook_params is not a dict that is known from the file")
    unknown = sorted(set(map(str, value)) - set(SESSION))
    if unknown:
        raise refused(
            task, hook_params, f"hook_params has {', '.join(unknown)}, which the step does not take"
        )
    return {**{SESSION[name]: to.literal(item) for name, item in value.items()}, **session}


def _connection(to: Lowering, connection: Argument | None) -> Expr | None:
    if connection is None or connection.value in (None, DEFAULT_CONNECTION):
        return None
    return to.expr(connection)


def _note_connection(task: TaskReader, to: Lowering, connection: Argument | None) -> None:
    conn_id = (
        connection.value if connection and connection.value is not None else DEFAULT_CONNECTION
    )
    if isinstance(conn_id, str):
        note_connection(to, conn_id, task)


def note_connection(to: Lowering, conn_id: str, task: TaskReader) -> None:
    """Note in the settings that the task uses a Snowflake connection, with what migration.yaml says
    about it.
    """
    mapping = to.config.connections.get(conn_id)
    values = {n: str(v) for n, v in mapping.settings().items() if n != "type"} if mapping else {}
    argument = task.task.arguments.get("snowflake_conn_id") or task.task.arguments.get("conn_id")
    span = argument.span if argument is not None else task.span
    to.settings.connection(conn_id, span, kind="snowflake", **values)
