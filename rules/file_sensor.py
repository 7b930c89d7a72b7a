"""Waiting for files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import given, pass_on, present, refused, step
from rules.registry import Example, rule
from rules.sensor_arguments import may_skip, sensor_arguments
from transpiler.lower.reporting import about, report_once
from transpiler.lower.settings import environment_name

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import Expr, StepCall

_DEFAULT_CONNECTION = "fs_default"

_FILE = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.sensors.filesystem import FileSensor

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    FileSensor(
        task_id="wait_for_export",
        filepath="/data/{{ ds }}/*.csv",
        poke_interval=30,
        timeout=3600,
        mode="reschedule",
    )
""",
    after="""\
wait_for_file(
    "/data/{{ ds }}/*.csv", poke_interval_seconds=30, timeout_seconds=3600, id="wait_for_export"
)
""",
)


@rule(
    "airflow.sensors.filesystem.FileSensor",
    "airflow.contrib.sensors.file_sensor.FileSensor",
    "airflow.providers.standard.sensors.filesystem.FileSensor",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/file.html",
    examples=[_FILE],
    dynamic=may_skip,
)
def file_sensor(task: TaskReader, to: Lowering) -> StepCall:
    """The step looks for the file, or for files in the folder, on the machine that it runs on.

    The extra `path` of a connection other than `fs_default` goes into the configuration.
    """
    kwargs = {
        **pass_on(task, to, {"recursive": "recursive"}),
        **present(connection=_connection(task, to)),
        **sensor_arguments(task, to),
    }
    return step("wait_for_file", task, to.expr(task.require("filepath")), kwargs=kwargs)


def _connection(task: TaskReader, to: Lowering) -> Expr | None:
    argument = given(task, "fs_conn_id")
    if argument is None or argument.value == _DEFAULT_CONNECTION:
        return None
    if not isinstance(argument.value, str):
        raise refused(task, argument, "fs_conn_id is not known from the file")
    variable = environment_name(argument.value, "path")
    extra = {"path": f"${{{variable}}}"}
    to.settings.connection(argument.value, argument.span, kind="fs", extra=extra)
    detail = f"fs_conn_id: set {variable} to the folder of the connection {argument.value!r}"
    report_once(to, about("D2Z308", argument, detail, task_id=task.task_id))
    return to.expr(argument)
