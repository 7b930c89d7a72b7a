"""Waiting for a shell command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import pass_on, step
from rules.registry import Example, rule
from rules.sensor_arguments import may_skip, sensor_arguments

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import StepCall

_COMMAND = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.sensors.bash import BashSensor

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    BashSensor(
        task_id="wait_for_export",
        bash_command="test -f /data/{{ ds }}/_SUCCESS",
        retry_exit_code=1,
        timeout=3600,
    )
""",
    after="""\
wait_for_command(
    "test -f /data/{{ ds }}/_SUCCESS",
    retry_exit_code=1,
    timeout_seconds=3600,
    id="wait_for_export",
)
""",
)


@rule(
    "airflow.sensors.bash.BashSensor",
    "airflow.contrib.sensors.bash_sensor.BashSensor",
    "airflow.providers.standard.sensors.bash.BashSensor",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/bash.html",
    examples=[_COMMAND],
    dynamic=may_skip,
)
def bash_sensor(task: TaskReader, to: Lowering) -> StepCall:
    """The command runs again and again by `wait_for_command`, until it ends with exit code 0."""
    names = ("env", "output_encoding", "retry_exit_code")
    kwargs = {**pass_on(task, to, {name: name for name in names}), **sensor_arguments(task, to)}
    command = to.expr(task.require("bash_command"))
    return step("wait_for_command", task, command, kwargs=kwargs)
