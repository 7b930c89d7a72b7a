"""Branches by Python callables that run in an environment of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.branching import BRANCH, deciding
from rules.registry import Example, rule
from rules.virtualenv import external_python_operator, python_virtualenv_operator

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import StepCall

_DOCS = (
    "https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/python.html"
)

_VIRTUALENV = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import BranchPythonVirtualenvOperator


def by_version():
    import sklearn

    return "new" if sklearn.__version__ > "1" else "old"


with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    BranchPythonVirtualenvOperator(
        task_id="choose",
        python_callable=by_version,
        requirements=["scikit-learn==1.5.2"],
        system_site_packages=False,
    ) >> [
        BashOperator(task_id="new", bash_command="new"),
        BashOperator(task_id="old", bash_command="old"),
    ]
""",
    after="""\
dag.branch(by_version_step, id="choose")
dag.task(run_bash, "new", id="new", after=["choose"])
dag.task(run_bash, "old", id="old", after=["choose"])
""",
)
_EXTERNAL = Example(
    before="""\
from datetime import datetime

from airflow.decorators import dag, task
from airflow.operators.bash import BashOperator


@task.branch_external_python(python="/opt/models/bin/python")
def choose():
    return "new"


@dag(start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False)
def nightly():
    choose() >> BashOperator(task_id="new", bash_command="new")


nightly()
""",
    after="""\
dag.branch(choose_step, id="choose")
dag.task(run_bash, "new", id="new", after=["choose"])
""",
)


@rule(
    "airflow.operators.python.BranchPythonVirtualenvOperator",
    "airflow.providers.standard.operators.python.BranchPythonVirtualenvOperator",
    "airflow.decorators.task.branch_virtualenv",
    "airflow.sdk.task.branch_virtualenv",
    docs=_DOCS,
    examples=[_VIRTUALENV],
    dynamic=BRANCH,
)
def branch_virtualenv_operator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """A branch by a callable that runs in an environment made from the requirements."""
    return deciding(python_virtualenv_operator(task, to), "branch", task, to)


@rule(
    "airflow.operators.python.BranchExternalPythonOperator",
    "airflow.providers.standard.operators.python.BranchExternalPythonOperator",
    "airflow.decorators.task.branch_external_python",
    "airflow.sdk.task.branch_external_python",
    docs=_DOCS,
    examples=[_EXTERNAL],
    dynamic=BRANCH,
)
def branch_external_python_operator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """A branch by a callable that runs in the environment of the interpreter named."""
    return deciding(external_python_operator(task, to), "branch", task, to)
