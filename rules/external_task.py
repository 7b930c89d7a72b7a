"""Waiting for another DAG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import (
    constant_name,
    each_value,
    function_path,
    given,
    pass_on,
    present,
    refused,
    seconds,
    step,
)
from rules.registry import Example, rule
from rules.sensor_arguments import may_skip, sensor_arguments
from transpiler.lower.reporting import about, report_once
from transpiler.model.pipeline import Expr

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument
    from transpiler.model.pipeline import StepCall

_ONE_HOUR_BEFORE = Example(
    before="""\
from datetime import datetime, timedelta

from airflow import DAG
from airflow.sensors.external_task import ExternalTaskSensor

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="0 2 * * *", catchup=False):
    ExternalTaskSensor(
        task_id="wait_for_features",
        external_dag_id="feature_engineering_daily",
        execution_delta=timedelta(hours=1),
        timeout=3 * 60 * 60,
        mode="reschedule",
    )
""",
    after="""\
wait_for_pipeline(
    "feature_engineering_daily",
    execution_delta_seconds=3600,
    timeout_seconds=3 * 60 * 60,
    id="wait_for_features",
)
""",
)


_MARKER = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.sensors.external_task import ExternalTaskMarker

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    ExternalTaskMarker(task_id="tell_reports", external_dag_id="reports", external_task_id="wait")
""",
    after="""\
do_nothing(id="tell_reports")
""",
)


@rule(
    "airflow.sensors.external_task.ExternalTaskSensor",
    "airflow.sensors.external_task_sensor.ExternalTaskSensor",
    "airflow.operators.sensors.ExternalTaskSensor",
    "airflow.providers.standard.sensors.external_task.ExternalTaskSensor",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/external_task_sensor.html",
    examples=[_ONE_HOUR_BEFORE],
    dynamic=may_skip,
)
def external_task_sensor(task: TaskReader, to: Lowering) -> StepCall:
    """The step polls the runs of the other pipeline that carry exactly the logical date that
    Airflow would look at.
    """
    dag_id = task.require("external_dag_id")
    _must_exist(task, to, dag_id)
    kwargs = present(
        task_id=_task_ids(task, to),
        execution_delta_seconds=seconds(task, to, "execution_delta"),
        execution_date_fn=function_path(task, to, "execution_date_fn"),
        allowed_states=_states(task, to, "allowed_states", ["success"]),
        failed_states=_states(task, to, "failed_states", []),
        skipped_states=_states(task, to, "skipped_states", []),
        **pass_on(
            task,
            to,
            {"external_task_group_id": "task_group_id", "check_existence": "check_existence"},
        ),
    )
    arguments = {**kwargs, **sensor_arguments(task, to)}
    return step("wait_for_pipeline", task, to.expr(dag_id), kwargs=arguments)


@rule(
    "airflow.sensors.external_task.ExternalTaskMarker",
    "airflow.sensors.external_task_sensor.ExternalTaskMarker",
    "airflow.providers.standard.sensors.external_task.ExternalTaskMarker",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/external_task_sensor.html",
    examples=[_MARKER],
)
def external_task_marker(task: TaskReader, to: Lowering) -> StepCall:
    """The task stays a step that does nothing, as in Airflow, where it only says what to clear
    together with it.
    """
    task.not_needed(
        "external_dag_id",
        "external_task_id",
        "execution_date",
        "logical_date",
        "recursion_depth",
        why="ZenML clears no tasks; run the other pipeline again as well",
    )
    return step("do_nothing", task)


def _must_exist(task: TaskReader, to: Lowering, dag_id: Argument) -> None:
    known = {dag.dag_id for dag in to.dag_file.dags}
    for one in each_value(dag_id.value):
        if not isinstance(one, str) or one not in known:
            name = "that each instance names" if one is None else repr(one)
            detail = f"waits for runs of the pipeline {name}, with the same logical dates"
            report_once(to, about("D2Z312", dag_id, detail, task_id=task.task_id))


def _task_ids(task: TaskReader, to: Lowering) -> Expr | None:
    one, several = given(task, "external_task_id"), given(task, "external_task_ids")
    if one is not None:
        return to.expr(one)
    if several is None or several.value in ([], ()):
        return None
    if isinstance(several.value, (set, frozenset)):
        return to.literal(sorted(several.value))
    return to.expr(several)


def _states(task: TaskReader, to: Lowering, name: str, default: list[str]) -> Expr | None:
    argument = given(task, name)
    if argument is None or argument.value in ([], ()):
        return None
    if not isinstance(argument.value, (list, tuple, set, frozenset)):
        raise refused(task, argument, f"{name} is not a list of states that is known from the file")
    states = [constant_name(value) for value in argument.value]
    if None in states:
        raise refused(task, argument, f"{name} has a state that is not known from the file")
    ordered = states if isinstance(argument.value, (list, tuple)) else sorted(map(str, states))
    return None if ordered == default else to.literal(ordered)
