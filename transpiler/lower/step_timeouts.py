"""Airflow's execution_timeout as an argument of the library steps that can be stopped."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transpiler.lower.reporting import about, report_once
from transpiler.model.pipeline import Expr, StepCall

if TYPE_CHECKING:
    from transpiler.lower.common import CommonOptions
    from transpiler.lower.lowering import Lowering
    from transpiler.lower.reader import TaskReader

LIBRARY = "runtime.steps."
_ARGUMENT = "timeout_seconds"
_INSTANT = frozenset({"do_nothing", "select_output", "pull_output", "not_translated"})
"""Steps that do no work of their own."""
_WAITING = "wait_"
"""What the names of steps that wait begin with; their rules take the timeout."""


def with_timeout(
    calls: list[StepCall], task: TaskReader, common: CommonOptions, to: Lowering
) -> list[StepCall]:
    """Pass execution_timeout to each call of a library step; what cannot take it is reported.

    Steps of the emitted steps module carry their timeout themselves, and a call that has one already keeps it. A task
    that became several steps gets the limit on each of them, which is reported: Airflow limits their sum.
    """
    if common.timeout is None:
        return calls
    timed = [_timed(call, common.timeout) for call in calls]
    argument = task.task.arguments["execution_timeout"]
    working = [call for call in timed if _limited(call)]
    if len(working) > 1:
        detail = (
            f"execution_timeout limits each of the {len(working)} steps of the task, not their sum"
        )
        report_once(to, about("D2Z311", argument, detail, task_id=task.task_id))
    return timed


def _timed(call: StepCall, timeout: Expr) -> StepCall:
    if not call.function.startswith(LIBRARY) or not _works(call) or _ARGUMENT in call.kwargs:
        return call
    return replace(call, kwargs={**call.kwargs, _ARGUMENT: timeout})


def _works(call: StepCall) -> bool:
    name = call.function.removeprefix(LIBRARY)
    return name not in _INSTANT and not name.startswith(_WAITING)


def _limited(call: StepCall) -> bool:
    return _ARGUMENT in call.kwargs
