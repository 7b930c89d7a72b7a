"""Python callables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import given
from rules.registry import Example, rule
from transpiler.lower.template_exts import with_files

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.dag import Argument
    from transpiler.model.pipeline import StepCall

_CALLABLE = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator


def count_rows(table: str, at_most: int) -> int:
    print(f"counting {table}")
    return min(3, at_most)


with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    PythonOperator(
        task_id="count",
        python_callable=count_rows,
        op_kwargs={"table": "orders", "at_most": 1000},
    )
""",
    after="""\
count_rows(table="orders", at_most=1000, id="count")
""",
)

_TASKFLOW = Example(
    before="""\
from datetime import datetime

from airflow.decorators import dag, task


@task
def extract() -> list[int]:
    return [1, 2, 3]


@task
def total(numbers: list[int]) -> int:
    return sum(numbers)


@dag(start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False)
def nightly():
    total(extract())


nightly()
""",
    after="""\
extract_output = extract(id="extract")

total(numbers=extract_output, id="total")
""",
)


@rule(
    "airflow.operators.python.PythonOperator",
    "airflow.operators.python_operator.PythonOperator",
    "airflow.operators.PythonOperator",
    "airflow.providers.standard.operators.python.PythonOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/python.html",
    examples=[_CALLABLE],
)
def python_operator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The callable becomes a step in the steps module; `op_args` and `op_kwargs` become its
    arguments.
    """
    return callable_step(task, to)


@rule(
    "airflow.decorators.task",
    "airflow.decorators.task.python",
    "airflow.sdk.task",
    "airflow.sdk.task.python",
    docs="https://airflow.apache.org/docs/apache-airflow/stable/tutorial/taskflow.html",
    examples=[_TASKFLOW],
)
def task_decorator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The decorated function becomes a step; what one task returns to another is an artifact."""
    return function_step(task, to)


def callable_step(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The step of an operator that has `python_callable`."""
    _take_settings(task)
    function = task.require("python_callable")
    return to.callables.step(
        task,
        function.value,
        op_args=rendered(task, to, "op_args"),
        op_kwargs=rendered(task, to, "op_kwargs"),
        templates_dict=rendered(task, to, "templates_dict"),
    )


def function_step(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The step of a decorated function."""
    _take_settings(task)
    task.take("python_callable")
    return to.callables.step(
        task,
        task.task.function,
        op_args=rendered(task, to, "op_args"),
        op_kwargs=rendered(task, to, "op_kwargs"),
        templates_dict=rendered(task, to, "templates_dict"),
    )


def rendered(task: TaskReader, to: Lowering, name: str) -> Argument | None:
    """A rendered argument of a callable, with the files that `templates_exts` makes of its texts."""
    extensions = task.value("templates_exts", None) or ()
    return with_files(given(task, name), tuple(extensions), to)


def _take_settings(task: TaskReader) -> None:
    task.not_needed("show_return_value_in_logs", why="ZenML keeps the return value as an artifact")
