"""Waiting for a Python callable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import given
from rules.registry import Example, rule
from rules.sensor_arguments import may_skip, sensor_arguments

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import StepCall

_CALLABLE = Example(
    before="""\
from datetime import datetime
from pathlib import Path

from airflow import DAG
from airflow.sensors.python import PythonSensor


def is_complete(folder: str) -> bool:
    return Path(folder, "_SUCCESS").exists()


with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    PythonSensor(
        task_id="wait_for_export",
        python_callable=is_complete,
        op_kwargs={"folder": "/data/{{ ds }}"},
        poke_interval=30,
        timeout=60 * 60,
    )
""",
    after="""\
is_complete_step(folder="/data/{{ ds }}", id="wait_for_export")
""",
)

_TASKFLOW = Example(
    before="""\
from datetime import datetime

from airflow.decorators import dag, task
from airflow.sensors.base import PokeReturnValue


@task.sensor(poke_interval=60, timeout=3600, mode="reschedule")
def wait_for_upstream() -> PokeReturnValue:
    return PokeReturnValue(is_done=True, xcom_value="ready")


@dag(start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False)
def nightly():
    wait_for_upstream()


nightly()
""",
    after="""\
wait_for_upstream_step(id="wait_for_upstream")
""",
)


@rule(
    "airflow.sensors.python.PythonSensor",
    "airflow.sensors.python_sensor.PythonSensor",
    "airflow.contrib.sensors.python_sensor.PythonSensor",
    "airflow.providers.standard.sensors.python.PythonSensor",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/python.html",
    examples=[_CALLABLE],
    dynamic=may_skip,
)
def python_sensor(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The callable is called by `poll_python` in a step of the steps module, until its answer is
    true; the interval and the timeout stand there.
    """
    return to.callables.step(
        task,
        task.require("python_callable").value,
        op_args=given(task, "op_args"),
        op_kwargs=given(task, "op_kwargs"),
        templates_dict=given(task, "templates_dict"),
        poll=sensor_arguments(task, to, in_steps_module=True),
    )


@rule(
    "airflow.decorators.task.sensor",
    "airflow.sdk.task.sensor",
    docs="https://airflow.apache.org/docs/apache-airflow/stable/tutorial/taskflow.html",
    examples=[_TASKFLOW],
    dynamic=may_skip,
)
def sensor_decorator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The decorated function is called by `poll_python` until its answer is true; the
    `xcom_value` of a `PokeReturnValue` is what the step returns.
    """
    task.take("python_callable")
    return to.callables.step(
        task,
        task.task.function,
        op_args=given(task, "op_args"),
        op_kwargs=given(task, "op_kwargs"),
        templates_dict=given(task, "templates_dict"),
        poll=sensor_arguments(task, to, in_steps_module=True),
    )
