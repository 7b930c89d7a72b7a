"""`@task.bash`: a function whose result is a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.arguments import given, refused
from rules.bash import DEFAULT_SKIP_CODE, SKIPS
from rules.registry import Example, rule
from transpiler.lower.errors import UntranslatableError
from transpiler.model.finding import finding
from transpiler.model.values import is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import Expr, StepCall

_OPTIONS = ("env", "append_env", "cwd", "output_encoding", "skip_on_exit_code")

_EXAMPLE = Example(
    before="""\
from datetime import datetime

from airflow.decorators import dag, task


@task.bash(env={"LC_ALL": "C"}, append_env=True)
def count_files(folder: str) -> str:
    return f"ls {folder} | wc -l"


@dag(start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False)
def nightly():
    count_files("/data/{{ ds }}")


nightly()
""",
    after="""\
dag.task(count_files_step, folder="/data/{{ ds }}", id="count_files")
""",
)


def may_skip(task: TaskReader) -> str | None:
    """Why the command, which only the run knows, may skip its task."""
    argument = task.task.arguments.get("skip_on_exit_code")
    codes = DEFAULT_SKIP_CODE if argument is None else argument.value
    return None if codes is None or codes in ([], ()) else SKIPS


@rule(
    "airflow.decorators.task.bash",
    "airflow.sdk.task.bash",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/bash.html",
    examples=[_EXAMPLE],
    dynamic=may_skip,
)
def bash_decorator(task: TaskReader, to: Lowering) -> StepCall | list[StepCall]:
    """The decorated function is called by `call_bash`, which runs the command that it returns.

    As the command may end with the exit code that skips the task, the pipeline is dynamic unless
    `skip_on_exit_code` is None.
    """
    if not to.mode.dynamic and may_skip(task) is not None:
        detail = "an exit code of the command skips the task, which a static pipeline cannot do"
        raise UntranslatableError(finding("D2Z203", task.span, detail, task_id=task.task_id))
    task.take("python_callable")
    return to.callables.step(
        task,
        task.task.function,
        op_args=given(task, "op_args"),
        op_kwargs=given(task, "op_kwargs"),
        bash={name: value for name in _OPTIONS if (value := _option(task, to, name)) is not None},
    )


def _option(task: TaskReader, to: Lowering, name: str) -> Expr | None:
    """The argument as a literal: the step that has it stands in the steps module."""
    argument = task.take(name)
    if argument is None or (argument.value is None and name != "skip_on_exit_code"):
        return None
    value = argument.value
    if not is_known(value):
        raise refused(task, argument, f"{name} is not known from the file")
    return to.literal(sorted(value) if isinstance(value, (set, frozenset, range)) else value)
