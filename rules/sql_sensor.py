"""Waiting for rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import function_path, params, pass_on, present, step
from rules.registry import Example, rule
from rules.sensor_arguments import may_skip, sensor_arguments
from rules.sql import one_or_list
from rules.sql_connections import source_arguments, source_of

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import StepCall

_ROWS = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.providers.common.sql.sensors.sql import SqlSensor

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    SqlSensor(
        task_id="wait_for_orders",
        conn_id="snowflake_etl",
        sql="SELECT COUNT(*) FROM ANALYTICS.RAW.ORDERS WHERE ORDERED_AT = '{{ ds }}'",
        success=lambda count: count > 100,
        poke_interval=300,
        timeout=6 * 60 * 60,
    )
""",
    after="""\
wait_for_sql(
    "nightly/wait_for_orders.sql",
    connection="snowflake_etl",
    success="steps.nightly.wait_for_orders_success",
    poke_interval_seconds=300,
    timeout_seconds=6 * 60 * 60,
    id="wait_for_orders",
)
""",
)


@rule(
    "airflow.providers.common.sql.sensors.sql.SqlSensor",
    "airflow.sensors.sql.SqlSensor",
    "airflow.sensors.sql_sensor.SqlSensor",
    "airflow.operators.sensors.SqlSensor",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-common-sql/stable/sensors.html",
    examples=[_ROWS],
    dynamic=may_skip,
)
def sql_sensor(task: TaskReader, to: Lowering) -> StepCall:
    """The SQL goes to the SQL library and runs by `wait_for_sql` until its first cell is true;
    `success`, `failure` and `selector` become functions of the steps module.

    Which database it is, is known as for SQLExecuteQueryOperator.
    """
    source = source_of(task, to, task.require("conn_id"))
    names = to.sql.names(task.require("sql"), task.task, source.dialect)
    kwargs = {
        **source_arguments(task, to, source),
        **pass_on(task, to, {"parameters": "parameters", "fail_on_empty": "fail_on_empty"}),
        **present(
            params=params(task, to),
            success=function_path(task, to, "success"),
            failure=function_path(task, to, "failure"),
            selector=function_path(task, to, "selector"),
        ),
        **sensor_arguments(task, to),
    }
    return step("wait_for_sql", task, one_or_list(names), kwargs=kwargs)
