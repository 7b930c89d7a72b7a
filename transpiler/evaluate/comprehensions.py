"""Iteration and comprehensions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.objects import (
    GroupBuilder,
    Instance,
    OpenFile,
    TaskBuilder,
    UserClass,
    XCom,
)
from transpiler.evaluate.truth import PURE_ITERABLES, truth
from transpiler.model.dag import LoopStep
from transpiler.model.values import Call, Ref, Symbolic


def iterate(ip: Interpreter, value: Any, node: cst.CSTNode, frame: Frame) -> list[Any] | None:
    """The items of a value; None where they are not known. Raises what Python raises."""
    if isinstance(value, (*PURE_ITERABLES, str, bytes)):
        ip.budget.size(len(value), "an iterable")
        # Python's order of a set changes from process to process; the output must not.
        return sorted(value, key=repr) if isinstance(value, (set, frozenset)) else list(value)
    if isinstance(value, (Symbolic, Call, Ref, XCom)):
        return None
    if isinstance(value, OpenFile):
        return value.text.splitlines(keepends=True)
    if isinstance(value, GroupBuilder):
        return list(value.children)
    if isinstance(value, UserClass) and value.is_enum:
        return [v for v in value.namespace.values() if isinstance(v, Instance) and v.cls is value]
    if isinstance(value, (TaskBuilder, Instance)):
        return None
    raise DagCodeError("TypeError", f"'{type(value).__name__}' object is not iterable", node)


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
    """`[element for …]`, and a generator expression, as a list."""
    from transpiler.evaluate.expressions import evaluate

    found: list[Any] = []
    known = _comprehend(ip, node.for_in, frame, lambda f: found.append(evaluate(ip, node.elt, f)))
    ip.budget.weight(found)
    return (
        found if known else ip.symbolic(node, frame, "it iterates over a value that is not known")
    )


def set_comprehension(ip: Interpreter, node: cst.SetComp, frame: Frame) -> Any:
    """`{element for …}`."""
    found = list_comprehension(ip, node, frame)
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
    return _clause(ip, comp, inner, body)


def _clause(
    ip: Interpreter, comp: cst.CompFor, frame: Frame, body: Callable[[Frame], None]
) -> bool:
    from transpiler.evaluate.expressions import evaluate
    from transpiler.evaluate.targets import assign

    items = iterate(ip, evaluate(ip, comp.iter, frame), comp, frame)
    if items is None:
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
            if None in tests:
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
