"""Iteration and comprehensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

from transpiler.evaluate import defaults, enum_members
from transpiler.evaluate.builders import GroupBuilder, TaskBuilder, XCom, XComList
from transpiler.evaluate.changes import holds_unknown_items
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.iterators import made, structure, take_all
from transpiler.evaluate.objects import Instance, OpenFile, UserClass
from transpiler.evaluate.truth import PURE_ITERABLES, OneShot, is_plain, truth
from transpiler.model.dag import LoopStep
from transpiler.model.values import Call, Ref, Symbolic


def iterate(ip: Interpreter, value: Any, node: cst.CSTNode, frame: Frame) -> list[Any] | None:
    """The items of a value; None where they are not known. Raises what Python raises."""
    if isinstance(value, (*PURE_ITERABLES, str, bytes)):
        ip.budget.size(len(value), "an iterable")
        if ip.unsure and not isinstance(value, _SURE) and holds_unknown_items(value):
            return None
        if isinstance(value, OneShot):
            return take_all(ip, value)
        # Python's order of a set changes from process to process; the output must not.
        return sorted(value, key=sort_key) if isinstance(value, (set, frozenset)) else list(value)
    if isinstance(value, (Symbolic, Call, Ref, XCom, XComList)):
        return None
    if isinstance(value, OpenFile):
        return value.text.splitlines(keepends=True)
    if isinstance(value, GroupBuilder):
        return list(value.members())
    if isinstance(value, UserClass) and value.is_enum:
        return enum_members.members_of(value)
    if isinstance(value, Instance) and value.cls.is_tuple:
        return [value.attributes.get(name) for name in value.cls.field_names()]
    if isinstance(value, (TaskBuilder, Instance)):
        return None
    raise DagCodeError("TypeError", f"'{type(value).__name__}' object is not iterable", node)


def by_default(ip: Interpreter, value: Any, node: cst.CSTNode, frame: Frame) -> list[Any] | None:
    """The items of a value that is not known, by the file's own defaults, with a finding; None
    where they give none: then the body is read once.
    """
    found = defaults.by_default(ip, value)
    if found is defaults.NOTHING or not isinstance(found, PURE_ITERABLES) or not found:
        return None
    defaults.report(ip, node, frame, value, found, "the loop", "manual")
    return iterate(ip, found, node, frame)


def may_be_equal(items: list[Any]) -> bool:
    """Whether two objects of the project may count as one in a set, which is not evaluated."""
    objects = [item for item in items if isinstance(item, Instance)]
    return len(objects) > 1 and any(item.cls.compares_values for item in objects)


_SURE = (str, bytes, range)


def sort_key(item: Any) -> tuple[int, str, int]:
    """A place in an order that is the same in every process."""
    if is_plain(item):
        return 0, repr(item), 0
    if isinstance(item, Instance):
        return 2, "", item.serial
    return 1, getattr(item, "task_id", getattr(item, "group_id", "")), 0


def target_names(target: cst.CSTNode) -> list[str]:
    """Names that an assignment target binds."""
    if isinstance(target, cst.Name):
        return [target.value]
    if isinstance(target, (cst.Tuple, cst.List)):
        return [name for element in target.elements for name in target_names(element.value)]
    return []


def loop_step(
    ip: Interpreter,
    node: cst.For | cst.CompFor,
    entry: int,
    index: int,
    count: int,
    frame: Frame,
    comments: tuple[str, ...] = (),
) -> LoopStep:
    """The mark of one turn of a loop, with what its targets are bound to."""
    targets = {name: frame.names.get(name) for name in target_names(node.target)}
    return LoopStep(node, entry, index, count, frame.scope, targets, comments)


def list_comprehension(ip: Interpreter, node: Any, frame: Frame) -> Any:
    """`[element for …]`."""
    from transpiler.evaluate.expressions import evaluate

    found: list[Any] = []
    known = _comprehend(ip, node.for_in, frame, lambda f: found.append(evaluate(ip, node.elt, f)))
    ip.budget.weight(found)
    return (
        found if known else ip.symbolic(node, frame, "it iterates over a value that is not known")
    )


def generator(ip: Interpreter, node: cst.GeneratorExp, frame: Frame) -> Any:
    """`(element for …)`."""
    before = structure(ip)
    found = list_comprehension(ip, node, frame)
    return made(ip, found, before, node, frame) if isinstance(found, list) else found


def set_comprehension(ip: Interpreter, node: cst.SetComp, frame: Frame) -> Any:
    """`{element for …}`."""
    found = list_comprehension(ip, node, frame)
    if isinstance(found, list) and may_be_equal(found):
        return ip.symbolic(node, frame, "objects of the project may be equal to each other")
    return set(found) if isinstance(found, list) else found


def dict_comprehension(ip: Interpreter, node: cst.DictComp, frame: Frame) -> Any:
    """`{key: value for …}`."""
    from transpiler.evaluate.expressions import evaluate

    found: dict[Any, Any] = {}

    def add(inner: Frame) -> None:
        found[evaluate(ip, node.key, inner)] = evaluate(ip, node.value, inner)

    known = _comprehend(ip, node.for_in, frame, add)
    ip.budget.weight(found)
    return (
        found if known else ip.symbolic(node, frame, "it iterates over a value that is not known")
    )


def _comprehend(
    ip: Interpreter, comp: cst.CompFor, frame: Frame, body: Callable[[Frame], None]
) -> bool:
    inner = Frame(
        "function", frame.module, frame, call_id=frame.call_id, depth=frame.depth,
        loops=list(frame.loops), statement=frame.statement, variable=None,
    )  # fmt: skip
    inner.claimed = frame.claimed
    inner.is_comprehension = True
    # Names of a class body are seen by the first iterable alone.
    return _clause(ip, comp, inner, body, frame if frame.kind == "class" else inner)


def _over_unknown(
    ip: Interpreter, comp: cst.CompFor, frame: Frame, body: Callable[[Frame], None]
) -> None:
    from transpiler.evaluate.targets import assign

    unknown = Symbolic(ip.code(comp.target, frame), "the loop runs over a value that is not known")
    for name in target_names(comp.target):
        assign(ip, cst.Name(name), unknown, frame)
    _one_turn(ip, comp, frame, body)


def _one_turn(
    ip: Interpreter, comp: cst.CompFor, frame: Frame, body: Callable[[Frame], None]
) -> None:
    """Read the element once for what it makes, where it is not known how often it is evaluated."""
    from transpiler.evaluate.both_sides import probe

    def action() -> None:
        if comp.inner_for_in is not None:
            _clause(ip, comp.inner_for_in, frame, body)
        else:
            body(frame)

    probe(ip, comp, frame, action, f"the comprehension over {ip.code(comp.iter, frame)!r}")


def _clause(
    ip: Interpreter,
    comp: cst.CompFor,
    frame: Frame,
    body: Callable[[Frame], None],
    outer: Frame | None = None,
) -> bool:
    from transpiler.evaluate.expressions import evaluate
    from transpiler.evaluate.targets import assign

    value = evaluate(ip, comp.iter, outer or frame)
    items = iterate(ip, value, comp, frame)
    if items is None:
        items = by_default(ip, value, comp, frame)
    if items is None:
        _over_unknown(ip, comp, frame, body)
        return False
    ip.calls += 1
    entry = ip.calls
    plain = not comp.ifs
    for index, item in enumerate(items):
        ip.budget.tick(comp)
        assign(ip, comp.target, item, frame)
        if plain:
            frame.loops.append(loop_step(ip, comp, entry, index, len(items), frame))
        try:
            tests = [truth(evaluate(ip, condition.test, frame)) for condition in comp.ifs]
            if None in tests and False not in tests:
                _one_turn(ip, comp, frame, body)
                return False
            if all(tests):
                if comp.inner_for_in is not None:
                    if not _clause(ip, comp.inner_for_in, frame, body):
                        return False
                else:
                    body(frame)
        finally:
            if plain:
                frame.loops.pop()
    return True
