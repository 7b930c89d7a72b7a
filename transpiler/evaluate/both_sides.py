"""An `if` whose condition is not known: every side is read, and what differs becomes unknown.

A side may leave the function or the loop while another goes on. Reading goes on too, and what is
made after that point is reported as conditional.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from transpiler.evaluate import defaults
from transpiler.evaluate.alternatives import Alternatives
from transpiler.evaluate.changes import Journal, settle
from transpiler.evaluate.errors import DagCodeError, LoopExit, Returned
from transpiler.evaluate.frames import EarlyExit, Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.truth import is_plain
from transpiler.model.values import Symbolic


@dataclass(eq=False)
class _Side:
    """How one side ended: the names bound after it, and what left it early."""

    names: dict[str, Any] = field(default_factory=dict)
    left: Returned | LoopExit | None = None
    changed: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    """Containers that the side changed, and what they held after it."""


def read_sides(
    ip: Interpreter,
    test: cst.BaseExpression,
    frame: Frame,
    actions: list[Callable[[], None]],
    usual: int | None = None,
) -> None:
    """Run every side from the same names, then join them. Raises what all sides raise, and leaves as all leave.

    `usual` is the side that the file's own defaults lead to, where they do.
    """
    before, events, made = dict(frame.names), ip.events, len(ip.made)
    sides: list[_Side] = []
    failures: list[DagCodeError] = []
    for action in actions:
        _restore(frame, before)
        side = _Side()
        ip.journals.append(Journal())
        ip.alternatives.append(Alternatives(ip.made[made:], ip.span(test, frame)))
        try:
            action()
        except DagCodeError as error:
            failures.append(error)
            continue
        except (Returned, LoopExit) as left:
            side.left = left
        finally:
            ip.alternatives.pop()
            side.changed = ip.journals.pop().undo()
        side.names = dict(frame.names)
        sides.append(side)
    if not sides:
        raise failures[-1]
    shown = ip.code(test, frame)
    if failures:
        text = f"the file fails to load on one side of the condition {shown!r}; it is read without"
        ip.report("D2Z110", test, frame, text, severity="info")
    if ip.events != events:
        text = f"the condition {shown!r} decides which tasks there are"
        ip.report("D2Z110", test, frame, text)
    known = usual if len(sides) == len(actions) and all(s.left is None for s in sides) else None
    _join(ip, test, frame, sides, known)


def _join(
    ip: Interpreter,
    test: cst.BaseExpression,
    frame: Frame,
    sides: list[_Side],
    usual: int | None,
) -> None:
    staying = [side for side in sides if side.left is None]
    _merge_names(ip, test, frame, [side.names for side in staying or sides], usual)
    settle_changes(ip, test, frame, [side.changed for side in staying or sides])
    leaving = [side.left for side in sides if side.left is not None]
    kinds = {(type(left), getattr(left, "again", None)) for left in leaving}
    if not staying and len(kinds) == 1:
        if isinstance(leaving[0], LoopExit):
            raise leaving[0]
        values = [left.value for left in leaving if isinstance(left, Returned)]
        raise Returned(merged(ip, test, frame, values))
    for left in leaving:
        remember(frame, EarlyExit(left, test, ip.events))
    if not staying:
        # Some sides return, others leave the loop: the return is the one remembered.
        raise next(left for left in leaving if isinstance(left, LoopExit))


def remember(frame: Frame, new: EarlyExit) -> None:
    """Keep an exit, but not one for each turn of a loop: the first of a condition is the one that
    most comes after, and two returns that differ are as unknown as a hundred.
    """
    alike = [item for item in frame.exits if _alike(item.left, new.left) and item.test is new.test]
    if isinstance(new.left, Returned):
        values = [item.left.value for item in alike if isinstance(item.left, Returned)]
        wanted = not values or (len(values) == 1 and not _same([*values, new.left.value]))
    else:
        wanted = not alike
    if wanted:
        frame.exits.append(new)


def _alike(one: Returned | LoopExit, other: Returned | LoopExit) -> bool:
    return type(one) is type(other) and getattr(one, "again", None) == getattr(other, "again", None)


def settle_changes(
    ip: Interpreter,
    test: cst.CSTNode,
    frame: Frame,
    changes: list[dict[int, tuple[Any, Any]]],
) -> None:
    """Join what each side made of the containers that one of them changed."""
    span = ip.span(test, frame)
    reason = f"it depends on the condition in line {span.line}"
    for key, (container, _) in {k: v for changed in changes for k, v in changed.items()}.items():
        current = container.copy()
        states = [changed[key][1] if key in changed else current for changed in changes]
        ip.mutate(container)
        ip.unsure = True
        settle(container, states, reason, span)


def merged(ip: Interpreter, test: cst.BaseExpression, frame: Frame, values: list[Any]) -> Any:
    """The value that all are, else one that depends on the condition."""
    if _same(values):
        return values[0]
    span = ip.span(test, frame)
    return Symbolic("…", f"it depends on the condition in line {span.line}", span)


def _restore(frame: Frame, names: dict[str, Any]) -> None:
    frame.names.clear()
    frame.names.update(names)


def _merge_names(
    ip: Interpreter,
    test: cst.BaseExpression,
    frame: Frame,
    outcomes: list[dict[str, Any]],
    usual: int | None,
) -> None:
    frame.names.clear()
    span = ip.span(test, frame)
    missing = object()
    for name in {name: None for outcome in outcomes for name in outcome}:
        values = [outcome.get(name, missing) for outcome in outcomes]
        if _same(values):
            frame.names[name] = values[0]
        else:
            reason = f"it depends on the condition in line {span.line}"
            frame.assigned_often.add(name)
            frame.assignments.pop(name, None)
            unknown = frame.names[name] = Symbolic(name, reason, span)
            if usual is not None and values[usual] is not missing:
                defaults.inherit(ip, unknown, values[usual])


def _same(values: list[Any]) -> bool:
    first = values[0]
    return all(
        value is first or (is_plain(value) and is_plain(first) and value == first)
        for value in values
    )


def end_of_turn(ip: Interpreter, frame: Frame, count: int, *, loop_ended: bool) -> None:
    """After a turn of a loop: report what was made although a condition may have left it before.

    `count` is how many exits there were before the loop.
    """
    kept = []
    for item in frame.exits[count:]:
        if not isinstance(item.left, LoopExit) or not (item.left.again or loop_ended):
            kept.append(item)
        elif ip.events != item.events:
            _report(ip, item, frame)
    frame.exits[count:] = kept


def end_of_function(ip: Interpreter, frame: Frame, value: Any) -> Any:
    """What a function returns, over the returns that an unknown condition may have taken before."""
    returns = [item for item in frame.exits if isinstance(item.left, Returned)]
    for item in returns:
        if ip.events != item.events:
            _report(ip, item, frame)
    values = [item.left.value for item in returns if isinstance(item.left, Returned)]
    return merged(ip, returns[0].test, frame, [*values, value]) if returns else value


def _report(ip: Interpreter, item: EarlyExit, frame: Frame) -> None:
    shown = ip.code(item.test, frame)
    text = f"the condition {shown!r} decides whether the code after it runs, which makes tasks"
    ip.report("D2Z110", item.test, frame, text)


def probe(
    ip: Interpreter, node: cst.CSTNode, frame: Frame, action: Callable[[], Any], what: str
) -> Any:
    """Read code that may or may not run; a finding where it makes tasks. None where it fails."""
    events = ip.events
    ip.journals.append(Journal())
    try:
        return action()
    except DagCodeError:
        return None
    finally:
        settle_changes(ip, node, frame, [ip.journals.pop().undo(), {}])
        if ip.events != events:
            ip.report("D2Z110", node, frame, f"{what} decides which tasks there are")
