"""Tasks that do nothing and only join edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import step
from rules.registry import Example, rule

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import StepCall

_JOIN = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    start = EmptyOperator(task_id="start")
    start >> BashOperator(task_id="load", bash_command="echo loaded")
""",
    after="""\
do_nothing(id="start")

run_bash("echo loaded", id="load", after=["start"])
""",
)


@rule(
    "airflow.operators.empty.EmptyOperator",
    "airflow.operators.dummy.DummyOperator",
    "airflow.operators.dummy_operator.DummyOperator",
    "airflow.operators.DummyOperator",
    "airflow.providers.standard.operators.empty.EmptyOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/empty.html",
    examples=[_JOIN],
)
def empty_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The task stays a step, because other tasks and people refer to its id."""
    task.not_needed("params", why="a step that does nothing renders no template")
    return step("do_nothing", task)
