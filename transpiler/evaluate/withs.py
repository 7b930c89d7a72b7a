"""`with`: DAGs, task groups, files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

from transpiler.evaluate import setups
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.objects import DagBuilder, Decorated, GroupBuilder
from transpiler.evaluate.targets import assign
from transpiler.model.values import Symbolic


def with_statement(ip: Interpreter, node: cst.With, frame: Frame) -> None:
    """Enter each context in order, run the body, leave them."""
    from transpiler.evaluate.expressions import evaluate
    from transpiler.evaluate.statements import execute_block

    leaving: list[Callable[[], object]] = []
    try:
        for item in node.items:
            frame.variable = _name(item)
            context = evaluate(ip, item.item, frame)
            frame.variable = None
            value = _enter(ip, context, item, frame, leaving)
            if item.asname is not None:
                assign(ip, item.asname.name, value, frame)
        execute_block(ip, node.body, frame)
    finally:
        for leave in reversed(leaving):
            leave()


def _name(item: cst.WithItem) -> str | None:
    if item.asname is not None and isinstance(item.asname.name, cst.Name):
        return item.asname.name.value
    return None


def _enter(
    ip: Interpreter,
    context: Any,
    item: cst.WithItem,
    frame: Frame,
    leaving: list[Callable[[], object]],
) -> Any:
    if isinstance(context, DagBuilder):
        context.registered = True
        ip.dag_stack.append(context)
        leaving.append(ip.dag_stack.pop)
    elif isinstance(context, GroupBuilder):
        ip.group_stack.append(context)
        leaving.append(ip.group_stack.pop)
    elif isinstance(context, Decorated):
        return Symbolic("context", "the context manager is not evaluated")
    elif managers := setups.managers_of(context):
        setups.enter(ip, managers, item, frame)
        leaving.append(lambda: setups.leave(ip))
    return context
