"""Bash commands and scripts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rules.arguments import pass_on, step
from rules.registry import Example, rule
from transpiler.lower.reporting import about, report_once
from transpiler.model.dag import Argument

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader
    from transpiler.model.pipeline import Expr, StepCall

SCRIPT_EXTENSIONS = (".sh", ".bash")
DEFAULT_SKIP_CODE = 99

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


@rule(
    "airflow.operators.bash.BashOperator",
    "airflow.operators.bash_operator.BashOperator",
    "airflow.operators.BashOperator",
    "airflow.providers.standard.operators.bash.BashOperator",
    docs="https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/bash.html",
    examples=[_COMMAND],
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
    kwargs = {**pass_on(task, to, names), **_skip_codes(task, to, command)}
    return step("run_bash", task, _command(to, command), kwargs=kwargs)


def _command(to: Lowering, command: Argument) -> Expr:
    if isinstance(command.value, str) and command.value.endswith(SCRIPT_EXTENSIONS):
        return to.literal(to.sql.template_text(command.value, command.span))
    return to.expr(command)


def _skip_codes(task: TaskReader, to: Lowering, command: Argument) -> dict[str, Expr]:
    """The exit codes that skip the task. A static pipeline has no skipped state: report what could
    ask for it.
    """
    argument = task.take("skip_on_exit_code") or task.take("skip_exit_code")
    value = argument.value if argument else DEFAULT_SKIP_CODE
    codes = list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]
    skipping = [code for code in codes if code is not None]
    text = command.value if isinstance(command.value, str) else ""
    asked = any(
        re.search(rf"\b(exit|return)\s+{re.escape(str(code))}\b", text) for code in skipping
    )
    if asked or skipping not in ([], [DEFAULT_SKIP_CODE]):
        place = argument or command
        detail = (
            f"exit code {', '.join(map(str, skipping))} skips the task in Airflow; the step fails"
        )
        report_once(to, about("D2Z203", place, detail, task_id=task.task_id))
    if skipping == [DEFAULT_SKIP_CODE]:
        return {}
    return {
        "skip_on_exit_code": to.literal(value if isinstance(value, (int, type(None))) else codes)
    }
