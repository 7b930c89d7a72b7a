"""Whether another task takes a task's result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from transpiler.lower.reporting import report_once
from transpiler.lower.template_check import templates_in
from transpiler.model.finding import finding
from transpiler.model.values import TaskOutput, marks

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader


def report_use_of_result(task: TaskReader, to: Lowering, form: str, given: str) -> None:
    """Say of each task that takes the result that the step gives it in another form (D2Z313)."""
    for other in to.dag.tasks:
        arguments = [*other.arguments.values(), *other.call_arguments]
        if any(_reads(argument.value, task.task_id) for argument in arguments):
            detail = f"the operator returns {form}, the step {given}; {other.task_id} reads them"
            report_once(to, finding("D2Z313", task.span, detail, task_id=task.task_id))


def _reads(value: Any, task_id: str) -> bool:
    """Whether a value is or has a task's result, or a template that pulls it."""
    if any(isinstance(mark, TaskOutput) and mark.task_id == task_id for mark in marks(value)):
        return True
    return any("xcom_pull" in text and task_id in text for text in templates_in(value))
