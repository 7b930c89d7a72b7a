"""Bash commands and scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rules.arguments import function_path, pass_on, present, step
from rules.registry import Example, rule
from transpiler.lower.reporting import about, report_once
from transpiler.model.dag import Argument

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import Expr, StepCall

SCRIPT_EXTENSIONS = (".sh", ".bash")
DEFAULT_SKIP_CODE = 99
SKIPS = "an exit code skips the task"

_COMMAND = Example(
    before="""\
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    BashOperator(
        task_id="count_files",
        bash_command="ls /data/{{ ds }} | wc -l",
        env={"LC_ALL": "C"},
        append_env=True,
    )
""",
    after="""\
run_bash(
    "ls /data/{{ ds }} | wc -l", env={"LC_ALL": "C"}, append_env=True, id="count_files"
)
""",
)


def may_skip(task: TaskReader) -> str | None:
    """Why the command can skip its task: a code of its own, or the default one in its text."""
    argument = _skip_argument(task)
    value = argument.value if argument else DEFAULT_SKIP_CODE
    codes = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
    skipping = [code for code in codes if code is not None]
    if skipping not in ([], [DEFAULT_SKIP_CODE]):
        return SKIPS
    command = task.take("bash_command")
    text = command.value if command and isinstance(command.value, str) else ""
    asked = any(
        re.search(rf"\b(exit|return)\s+{re.escape(str(code))}\b", text) for code in skipping
    )
    return SKIPS if asked else None


def _skip_argument(task: TaskReader) -> Argument | None:
    return task.take("skip_on_exit_code") or task.take("skip_exit_code")


@rule(
    "airflow.operators.bash.BashOperator",
    "airflow.operators.bash_operator.BashOperator",
    "airflow.operators.BashOperator",
    "airflow.providers.standard.operators.bash.BashOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/bash.html",
    examples=[_COMMAND],
    dynamic=may_skip,
)
def bash_operator(task: TaskReader, to: Lowering) -> StepCall:
    """The command runs by `run_bash`, with Airflow's meaning of exit codes, environment and result.

    A command that ends in `.sh` or `.bash` names a script, which Airflow reads as a template: its
    text is emitted.
    """
    command = task.require("bash_command")
    names = {
        "env": "env",
        "append_env": "append_env",
        "cwd": "cwd",
        "output_encoding": "output_encoding",
    }
    task.not_needed("xcom_push", why="a step keeps its result as an artifact")
    processor = function_path(task, to, "output_processor")
    kwargs = {
        **pass_on(task, to, names),
        **_skip_codes(task, to, command),
        **present(output_processor=processor),
    }
    return step("run_bash", task, command_text(to, command), kwargs=kwargs)


def command_text(to: Lowering, command: Argument) -> Expr:
    """The command, or the text of the script that it names."""
    if isinstance(command.value, str) and command.value.endswith(SCRIPT_EXTENSIONS):
        return to.literal(to.sql.template_text(command.value, command.span))
    return to.expr(command)


def _skip_codes(task: TaskReader, to: Lowering, command: Argument) -> dict[str, Expr]:
    """The exit codes that skip the task. A static pipeline has no skipped state: report what could
    ask for it.
    """
    argument = _skip_argument(task)
    value = argument.value if argument else DEFAULT_SKIP_CODE
    codes = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
    if not to.mode.dynamic and may_skip(task) is not None:
        detail = f"exit code {', '.join(map(str, codes))} skips the task in Airflow; the step fails"
        report_once(to, about("D2Z203", argument or command, detail, task_id=task.task_id))
    if codes == [DEFAULT_SKIP_CODE]:
        return {}
    return {
        "skip_on_exit_code": to.literal(value if isinstance(value, (int, type(None))) else codes)
    }
