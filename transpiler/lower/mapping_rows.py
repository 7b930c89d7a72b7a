"""The calls of a mapped task's instances as one call with a row of arguments for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from transpiler.lower.errors import UntranslatableError
from transpiler.lower.mapping_values import EACH
from transpiler.lower.step_ids import quoted
from transpiler.lower.step_parameters import named
from transpiler.model.dag import Task
from transpiler.model.finding import finding
from transpiler.model.pipeline import Expr, StepCall

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering


def merged(task: Task, calls: Sequence[StepCall], to: Lowering) -> StepCall:
    """One call. What is alike in all instances is given once. Raises UntranslatableError (D2Z230).

    Where only one argument differs, the step is mapped over its values, else over rows.
    """
    by_name = [one for call in calls if (one := named(call)) is not None]
    if len(by_name) < len(calls) or len({call.function for call in calls}) > 1:
        raise _refused(task, "its instances become steps that are not called alike")
    if any(call.kind != "task" for call in calls):
        raise _refused(task, "a mapped task decides what is skipped")
    columns = {
        name: [call.kwargs.get(name) for call in by_name]
        for name in dict.fromkeys(name for call in by_name for name in call.kwargs)
    }
    fixed = {n: c[0] for n, c in columns.items() if c[0] is not None and c.count(c[0]) == len(c)}
    first = replace(by_name[0], task_id=task.task_id)
    differing = [name for name in columns if name not in fixed]
    base = replace(first, kwargs=fixed)
    if len(differing) == 1 and None not in columns[differing[0]]:
        column = _each([call.kwargs[differing[0]] for call in by_name], to)
        return replace(base, kind="map", kwargs={differing[0]: column, **fixed})
    rows = [_row(call, differing) for call in by_name]
    return replace(base, kind="map_kwargs", args=(_list(rows),))


def _row(call: StepCall, names: Sequence[str]) -> Expr:
    items = {name: call.kwargs[name] for name in names if name in call.kwargs}
    pairs = ", ".join(f"{quoted(name)}: {value.code}" for name, value in items.items())
    return Expr(f"{{{pairs}}}", frozenset().union(*(value.names for value in items.values())))


def _list(items: Sequence[Expr]) -> Expr:
    names = frozenset().union(*(item.names for item in items))
    return Expr(f"[{', '.join(item.code for item in items)}]", names)


def _each(items: Sequence[Expr], to: Lowering) -> Expr:
    to.use(EACH)
    inner = _list(items)
    return Expr(f"each({inner.code})", inner.names)


def _refused(task: Task, detail: str) -> UntranslatableError:
    return UntranslatableError(finding("D2Z230", task.span, detail, task_id=task.task_id))
