"""Operators, sensors and branches that a project wrote itself, over Airflow's base classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.bash import SCRIPT_EXTENSIONS, SKIPS
from rules.branching import BRANCH, deciding
from rules.registry import Example, rule
from rules.sensor_arguments import may_skip, refuse_skips
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.operator_classes import operator_step
from transpiler.model.finding import finding

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import StepCall

_DOCS = "https://airflow.apache.org/docs/apache-airflow/stable/howto/custom-operator.html"
_SENSOR = frozenset(
    "poke_interval timeout soft_fail mode exponential_backoff max_wait silent_fail never_fail "
    "execution_timeout".split()
)

_BASH = frozenset(
    "bash_command env append_env output_encoding skip_on_exit_code cwd output_processor".split()
)
_PYTHON = frozenset("python_callable op_args op_kwargs templates_dict".split())

_OPERATOR_EXAMPLE = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.models import BaseOperator


class CountRowsOperator(BaseOperator):
    template_fields = ("table",)

    def __init__(self, table: str, at_most: int = 10, **kwargs) -> None:
        super().__init__(**kwargs)
        self.table = table
        self.at_most = at_most

    def execute(self, context):
        self.log.info("counting %s", self.table)
        return min(len(self.table), self.at_most)


with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    CountRowsOperator(task_id="count", table="orders_{{ ds_nodash }}", at_most=1000)
""",
    after="""\
count_rows_operator(table="orders_{{ ds_nodash }}", at_most=1000, id="count")
""",
)

_BASH_EXAMPLE = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator


class StampedBashOperator(BashOperator):
    def execute(self, context):
        self.env = {**(self.env or {}), "STAMP": context["ts_nodash"]}
        return super().execute(context)


with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    StampedBashOperator(task_id="load", bash_command="load $STAMP", skip_on_exit_code=None)
""",
    after="""\
stamped_bash_operator(bash_command="load $STAMP", skip_on_exit_code=None, id="load")
""",
)

_PYTHON_EXAMPLE = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator


class LoggedPythonOperator(PythonOperator):
    def execute(self, context):
        result = super().execute(context)
        self.log.info("%s gave %r", self.task_id, result)
        return result


def count(table: str) -> int:
    return len(table)


with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    LoggedPythonOperator(task_id="count", python_callable=count, op_args=["orders"])
""",
    after="""\
logged_python_operator(op_args=["orders"], id="count")
""",
)

_SENSOR_EXAMPLE = Example(
    before="""\
from datetime import datetime
from pathlib import Path

from airflow import DAG
from airflow.sensors.base import BaseSensorOperator


class ExportSensor(BaseSensorOperator):
    template_fields = ("folder",)

    def __init__(self, folder: str, **kwargs) -> None:
        super().__init__(**kwargs)
        self.folder = folder

    def poke(self, context) -> bool:
        return Path(self.folder, "_SUCCESS").exists()


with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    ExportSensor(task_id="wait", folder="/data/{{ ds }}", poke_interval=30, timeout=3600)
""",
    after="""\
export_sensor(folder="/data/{{ ds }}", poke_interval=30, timeout=3600, id="wait")
""",
)

_BRANCH_EXAMPLE = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.branch import BaseBranchOperator


class ByDay(BaseBranchOperator):
    def choose_branch(self, context):
        return "monthly" if context["logical_date"].day == 1 else "daily"


with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    ByDay(task_id="choose") >> [
        BashOperator(task_id="monthly", bash_command="load month"),
        BashOperator(task_id="daily", bash_command="load day"),
    ]
""",
    after="""\
dag.branch(by_day, id="choose")
dag.task(run_bash, "load month", id="monthly", after=["choose"])
dag.task(run_bash, "load day", id="daily", after=["choose"])
""",
)


@rule(
    "airflow.models.BaseOperator",
    "airflow.models.baseoperator.BaseOperator",
    "airflow.sdk.BaseOperator",
    "airflow.sdk.bases.operator.BaseOperator",
    docs=_DOCS,
    examples=[_OPERATOR_EXAMPLE],
    subclasses=True,
)
def project_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The class is copied into the steps module over `runtime.operators.BaseOperator`; a step makes
    it with the task's arguments, renders its `template_fields`, and calls `execute`.
    """
    return operator_step(task, to)


@rule(
    "airflow.sensors.base.BaseSensorOperator",
    "airflow.sensors.base_sensor_operator.BaseSensorOperator",
    "airflow.operators.sensors.BaseSensorOperator",
    "airflow.sdk.BaseSensorOperator",
    "airflow.sdk.bases.sensor.BaseSensorOperator",
    docs="https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/sensors.html",
    examples=[_SENSOR_EXAMPLE],
    dynamic=may_skip,
    subclasses=True,
)
def project_sensor(task: TaskReader, to: Lowering) -> StepCall:
    """The class is copied into the steps module over `runtime.operators.BaseSensorOperator`; a step
    makes it and calls `poke` until the answer is true, with the sensor's own interval and timeout.
    """
    refuse_skips(task, to)
    task.not_needed("deferrable", why="a step of ZenML always waits in its own process")
    for name in _SENSOR:
        task.take(name)
    return operator_step(task, to, settings=_SENSOR, timed=False)


@rule(
    "airflow.operators.branch.BaseBranchOperator",
    "airflow.operators.branch_operator.BaseBranchOperator",
    "airflow.providers.standard.operators.branch.BaseBranchOperator",
    docs=_DOCS,
    examples=[_BRANCH_EXAMPLE],
    dynamic=BRANCH,
    subclasses=True,
)
def project_branch(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The class is copied into the steps module over `runtime.operators.BaseBranchOperator`; the
    tasks and groups that `choose_branch` names are followed.
    """
    return deciding(operator_step(task, to), "branch", task, to)


def _command_may_skip(task: TaskReader) -> str | None:
    """Why the command may skip its task, whatever the class makes of it."""
    argument = task.task.arguments.get("skip_on_exit_code")
    return SKIPS if argument is None or argument.value is not None else None


@rule(
    "airflow.operators.bash.BashOperator",
    "airflow.operators.bash_operator.BashOperator",
    "airflow.operators.BashOperator",
    "airflow.providers.standard.operators.bash.BashOperator",
    docs=_DOCS,
    examples=[_BASH_EXAMPLE],
    dynamic=_command_may_skip,
    subclasses=True,
)
def project_bash_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The class is copied into the steps module over `runtime.operator_classes.BashOperator`; as its
    command may end with the exit code that skips the task, the pipeline is dynamic unless
    `skip_on_exit_code` is None.
    """
    if not to.mode.dynamic and _command_may_skip(task) is not None:
        detail = "an exit code of the command skips the task, which a static pipeline cannot do"
        raise UntranslatableError(finding("D2Z203", task.span, detail, task_id=task.task_id))
    for name in _BASH:
        task.take(name)
    return operator_step(task, to, settings=_BASH, template_ext=SCRIPT_EXTENSIONS)


@rule(
    "airflow.operators.python.PythonOperator",
    "airflow.operators.python_operator.PythonOperator",
    "airflow.operators.PythonOperator",
    "airflow.providers.standard.operators.python.PythonOperator",
    docs=_DOCS,
    examples=[_PYTHON_EXAMPLE],
    subclasses=True,
)
def project_python_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The class is copied into the steps module over `runtime.operator_classes.PythonOperator`; the
    callable is copied, too.
    """
    for name in _PYTHON:
        task.take(name)
    return operator_step(task, to, settings=_PYTHON)
