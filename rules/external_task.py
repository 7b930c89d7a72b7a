"""Waiting for another DAG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import (
    constant_name,
    given,
    number,
    pass_on,
    refused,
    same_as_default,
    seconds,
    step,
)
from rules.registry import Example, rule
from transpiler.lower.reporting import about, report_once
from transpiler.lower.timeouts import execution_timeout
from transpiler.model.pipeline import Expr

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument
    from transpiler.model.pipeline import StepCall

_DEFAULT_TIMEOUT_SECONDS = 7 * 24 * 3600
_SKIPPING = {
    "soft_fail": "the sensor is skipped instead of failing",
    "skipped_states": "the sensor is skipped when the other task is",
    "never_fail": "the sensor is skipped instead of failing",
}

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


@rule(
    "airflow.sensors.external_task.ExternalTaskSensor",
    "airflow.sensors.external_task_sensor.ExternalTaskSensor",
    "airflow.operators.sensors.ExternalTaskSensor",
    "airflow.providers.standard.sensors.external_task.ExternalTaskSensor",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/external_task_sensor.html",
    examples=[_ONE_HOUR_BEFORE],
)
def external_task_sensor(task: TaskReader, to: Lowering) -> StepCall:
    """The step polls the runs of the other pipeline that carry exactly the logical date that
    Airflow would look at.
    """
    dag_id = task.require("external_dag_id")
    _take_scheduling(task)
    _refuse_skips(task)
    _must_exist(task, to, dag_id)
    kwargs = {
        "task_id": _task_ids(task, to),
        "execution_delta_seconds": _delta(task, to),
        "allowed_states": _states(task, to, "allowed_states", ["success"]),
        "failed_states": _states(task, to, "failed_states", []),
        "poke_interval_seconds": seconds(task, to, "poke_interval"),
        "timeout_seconds": _timeout(task, to),
        **pass_on(task, to, {"check_existence": "check_existence"}),
    }
    present = {name: value for name, value in kwargs.items() if value is not None}
    return step("wait_for_pipeline", task, to.expr(dag_id), kwargs=present)


def _take_scheduling(task: TaskReader) -> None:
    same_as_default(task, silent_fail=False)
    task.not_needed(
        "mode", "deferrable", "poll_interval", why="a step of ZenML always waits in its own process"
    )
    task.not_needed("max_wait", "exponential_backoff", why="the step asks at a constant interval")


def _refuse_skips(task: TaskReader) -> None:
    for name, text in _SKIPPING.items():
        argument = given(task, name)
        if argument is not None and argument.value not in (False, [], ()):
            raise refused(
                task, argument, f"{name}: {text}, which a static pipeline cannot do", "D2Z203"
            )
    group = given(task, "external_task_group_id")
    if group is not None:
        raise refused(
            task, group, "external_task_group_id: waiting for a group of tasks; name its tasks"
        )


def _must_exist(task: TaskReader, to: Lowering, dag_id: Argument) -> None:
    if dag_id.value not in {dag.dag_id for dag in to.dag_file.dags}:
        detail = f"waits for runs of the pipeline {dag_id.value!r}, with the same logical dates"
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


def _delta(task: TaskReader, to: Lowering) -> Expr | None:
    function = given(task, "execution_date_fn")
    if function is not None:
        raise refused(
            task, function, "execution_date_fn computes the date to wait for; give execution_delta"
        )
    return seconds(task, to, "execution_delta")


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


def _timeout(task: TaskReader, to: Lowering) -> Expr | None:
    """The sensor's own limit, or the shorter `execution_timeout`, which in mode `reschedule` counts
    one look only.
    """
    own = seconds(task, to, "timeout")
    limit = execution_timeout(task)
    if limit is None or task.value("mode", "poke") != "poke":
        return own
    value = task.value("timeout", _DEFAULT_TIMEOUT_SECONDS)
    total = value if isinstance(value, (int, float)) else value.total_seconds()
    return own if own is not None and total <= limit else to.literal(number(min(limit, total)))
