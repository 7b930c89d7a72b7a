"""What callables use of Airflow: noted in the settings, or reported."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from transpiler.lower.airflow_members import missing_members
from transpiler.lower.airflow_names import FAIL, SKIP
from transpiler.lower.airflow_uses import reached, runtime_uses
from transpiler.lower.context_uses import Members, missing_of_context
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.lookups import note_in_code
from transpiler.lower.project_modules import ProjectModules
from transpiler.lower.reader import TaskReader
from transpiler.lower.reporting import report_once
from transpiler.lower.template_names import MEMBERS
from transpiler.model.dag import OperatorClass
from transpiler.model.finding import finding
from transpiler.model.values import FunctionRef, Value

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering


def report_uses(
    task: TaskReader,
    ref: FunctionRef | OperatorClass,
    modules: ProjectModules,
    to: Lowering,
    passed: Collection[str | None] | None = None,
) -> None:
    """Variables and connections; skips, and failures that Airflow does not retry, where the
    pipeline is static. `passed` has the names of the arguments, where the DAG tells them all.
    Raises UntranslatableError (D2Z304).
    """
    pieces = reached(modules, ref)
    note_in_code(modules, pieces, to.settings)
    missing = missing_of_context(modules, pieces, passed=passed)
    for found in (*missing_members(modules, pieces), *missing):
        raise UntranslatableError(found)
    if to.mode.dynamic:
        return
    for span in runtime_uses(modules, pieces, SKIP):
        detail = f"{ref.name} can raise a skip; the emitted step fails instead"
        report_once(to, finding("D2Z307", span, detail, task_id=task.task_id))
    retries = task.task.arguments.get("retries")
    if retries is None or not retries.value:
        return
    for span in runtime_uses(modules, pieces, FAIL):
        detail = f"{ref.name} can fail for good; ZenML retries the step all the same"
        report_once(to, finding("D2Z208", span, detail, task_id=task.task_id))


def report_callback_uses(callback: Value, to: Lowering, members: Members = MEMBERS) -> None:
    """Variables and connections that a callback looks up.

    Raises UntranslatableError (D2Z304) where it asks for what the runtime's classes, or the context
    that it gets, have not.
    """
    modules = to.callables.modules
    if not isinstance(callback, FunctionRef) or callback.module not in modules:
        return
    pieces = reached(modules, callback)
    missing = missing_of_context(modules, pieces, members)
    for found in (*missing_members(modules, pieces), *missing):
        raise UntranslatableError(found)
    note_in_code(modules, pieces, to.settings)
