"""Steps of a dynamic pipeline end as Airflow's tasks do: skipped, or failed without another try."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from transpiler.lower.callbacks import lower_skipped_callback
from transpiler.lower.reader import TaskReader
from transpiler.lower.reporting import about, report_once
from transpiler.lower.step_definitions import STEP
from transpiler.model.dag import Argument
from transpiler.model.pipeline import Import

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

AIRFLOW_TASK = Import("runtime.dagrun", "airflow_task")


class StepEndings:
    """What the steps of a steps module call when they are skipped (`on_skipped_callback`)."""

    def __init__(self, to: Lowering) -> None:
        self._to = to
        self._hooks: dict[str, str | None] = {}

    def hook(self, task: TaskReader) -> str | None:
        """The function that a step of the task must call, defined in the steps module; or None."""
        argument = skipped_callback(task)
        if argument is None or not self._to.mode.dynamic:
            return None
        name, findings = lower_skipped_callback(argument, task.task_id, self._to)
        report_once(self._to, *findings)
        return name

    def note(self, step: str, hook: str | None, task: TaskReader) -> None:
        """Remember the hook of a step; tasks that share a step share its hook."""
        if self._hooks.setdefault(step, hook) != hook:
            argument = skipped_callback(task)
            span = argument.span if argument is not None else task.span
            known = argument or Argument("on_skipped_callback", None, span)
            self._refuse(task, known, f"the step {step} is shared with a task that has another one")

    def decorated(self, definition: str, decorator: str) -> str:
        """The definition with the decorator under each `@step`; one without a step as it is."""
        lines = definition.split("\n")
        for node in reversed(ast.parse(definition).body):
            end = _end_of_step(node)
            if end is not None and isinstance(node, ast.FunctionDef):
                hook = self._hooks.get(node.name)
                given = f"(on_skipped={hook})" if hook else ""
                lines.insert(end, f"@{decorator}{given}")
        return "\n".join(lines)

    def _refuse(self, task: TaskReader, argument: Argument, why: str) -> None:
        detail = f"on_skipped_callback is not called: {why}"
        report_once(self._to, about("D2Z310", argument, detail, task_id=task.task_id))


def skipped_callback(task: TaskReader) -> Argument | None:
    """The task's `on_skipped_callback`, where one is given."""
    argument = task.task.arguments.get("on_skipped_callback")
    return argument if argument is not None and argument.value else None


def _end_of_step(node: ast.stmt) -> int | None:
    """The last line of the function's decorator `@step`, counted from 1; None without it."""
    if not isinstance(node, ast.FunctionDef):
        return None
    for one in node.decorator_list:
        called = one.func if isinstance(one, ast.Call) else one
        if isinstance(called, ast.Name) and called.id == STEP.name:
            return one.end_lineno
    return None
