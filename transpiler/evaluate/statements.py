"""Statements."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import libcst as cst

from transpiler.evaluate import (
    branches,
    classes,
    exceptions,
    functions,
    imports,
    loops,
    matching,
    operations,
    withs,
)
from transpiler.evaluate.errors import DagCodeError, LimitReached, LoopExit, Returned
from transpiler.evaluate.expressions import evaluate
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.objects import Instance
from transpiler.evaluate.targets import assign, call_hook
from transpiler.evaluate.truth import is_plain, truth
from transpiler.model.values import Call, Symbolic


def execute_block(ip: Interpreter, body: cst.BaseSuite, frame: Frame) -> None:
    """Run the statements of a suite in order."""
    statements = body.body
    if isinstance(body, cst.SimpleStatementSuite):
        for small in body.body:
            execute_small(ip, small, None, frame)
        return
    for statement in statements:
        execute(ip, statement, frame)


def execute(ip: Interpreter, statement: cst.CSTNode, frame: Frame) -> None:
    """Run one statement."""
    ip.budget.tick(statement)
    if isinstance(statement, cst.SimpleStatementLine):
        for small in statement.body:
            frame.statement = statement
            execute_small(ip, small, statement, frame)
        _keep_comments(statement, frame)
        return
    handler = _COMPOUND.get(type(statement))
    if handler is None:
        ip.report("D2Z116", statement, frame, f"{type(statement).__name__} is not evaluated")
        return
    frame.statement = statement
    ip.executed.add(id(statement))
    handler(ip, statement, frame)


def _keep_comments(statement: cst.SimpleStatementLine, frame: Frame) -> None:
    """Comments above a statement that is not emitted itself wait for the next one that is.

    Those above a plain assignment of a constant go with the constant where it is emitted.
    """
    if id(statement) in frame.claimed or frame.loops:
        return
    frame.claimed.add(id(statement))
    if isinstance(statement.body[0], (cst.Import, cst.ImportFrom)) or _is_constant(
        statement, frame
    ):
        frame.pending_comments.clear()
        return
    frame.pending_comments.extend(
        line.comment.value for line in statement.leading_lines if line.comment
    )


def _is_constant(statement: cst.SimpleStatementLine, frame: Frame) -> bool:
    first = statement.body[0]
    if not isinstance(first, (cst.Assign, cst.AnnAssign)) or frame.kind != "module":
        return False
    return not isinstance(first.value, (cst.List, cst.Dict, cst.Call)) or bool(
        getattr(first.value, "elements", ()) or isinstance(first.value, cst.Call)
    )


def execute_small(
    ip: Interpreter, small: cst.CSTNode, line: cst.SimpleStatementLine | None, frame: Frame
) -> None:
    """Run one simple statement."""
    ip.executed.add(id(small))
    handler = _SMALL.get(type(small))
    if handler is None:
        ip.report("D2Z116", small, frame, f"{type(small).__name__} is not evaluated")
        return
    try:
        handler(ip, small, line, frame)
    except LimitReached as error:
        error.node = error.node or small
        raise


def _expression(ip: Interpreter, node: cst.Expr, line: Any, frame: Frame) -> None:
    frame.variable = None
    value = evaluate(ip, node.value, frame)
    if isinstance(value, Call):
        ip.outside[id(node)] = value.func
    elif isinstance(value, Symbolic):
        ip.outside[id(node)] = value.code


def _assignment(ip: Interpreter, node: cst.Assign, line: Any, frame: Frame) -> None:
    first = node.targets[0].target
    plain = (
        len(node.targets) == 1
        and isinstance(first, cst.Name)
        and line is not None
        and len(line.body) == 1
    )
    frame.variable = first.value if isinstance(first, cst.Name) else None
    value = evaluate(ip, node.value, frame)
    frame.variable = None
    for target in node.targets:
        assign(ip, target.target, value, frame, line if plain else None)


def _annotated(ip: Interpreter, node: cst.AnnAssign, line: Any, frame: Frame) -> None:
    if node.value is None:
        return
    plain = isinstance(node.target, cst.Name) and line is not None and len(line.body) == 1
    frame.variable = node.target.value if isinstance(node.target, cst.Name) else None
    value = evaluate(ip, node.value, frame)
    frame.variable = None
    assign(ip, node.target, value, frame, line if plain else None)


def _augmented(ip: Interpreter, node: cst.AugAssign, line: Any, frame: Frame) -> None:
    target = node.target
    left, right = evaluate(ip, target, frame), evaluate(ip, node.value, frame)
    if (
        isinstance(left, list)
        and isinstance(node.operator, cst.AddAssign)
        and isinstance(right, (list, tuple))
    ):
        ip.budget.fits(len(left) + len(right))
        ip.mutate(left)
        left.extend(right)
        value: Any = left
    elif (
        is_plain(left)
        and is_plain(right)
        or isinstance(left, (list, str, tuple))
        and isinstance(right, type(left))
    ):
        value = operations.binary(node.operator, left, right, ip.budget)
    else:
        value = ip.symbolic(node.value, frame, "an operand is not known")
    assign(ip, target, value, frame)


def _return(ip: Interpreter, node: cst.Return, line: Any, frame: Frame) -> None:
    frame.variable = None
    raise Returned(evaluate(ip, node.value, frame) if node.value is not None else None)


def _raise(ip: Interpreter, node: cst.Raise, line: Any, frame: Frame) -> None:
    raise exceptions.raised(ip, node, frame)


def _assert(ip: Interpreter, node: cst.Assert, line: Any, frame: Frame) -> None:
    if truth(evaluate(ip, node.test, frame)) is False:
        error = DagCodeError("AssertionError", "", node)
        error.module = frame.module.path
        raise error


def _delete(ip: Interpreter, node: cst.Del, line: Any, frame: Frame) -> None:
    targets = node.target.elements if isinstance(node.target, cst.Tuple) else [node.target]
    for item in targets:
        target = item.value if isinstance(item, cst.Element) else item
        if isinstance(target, cst.Name):
            operations.attempt(partial(frame.unbind, target.value), node)
        elif isinstance(target, cst.Subscript):
            from transpiler.evaluate.items import subscript_key

            container = evaluate(ip, target.value, frame)
            key = subscript_key(ip, target, frame)
            if isinstance(container, (dict, list)):
                ip.mutate(container)
                operations.attempt(partial(container.__delitem__, key), node)
            elif isinstance(container, Instance):
                call_hook(ip, container, "__delitem__", (key,), target, frame)
        elif isinstance(target, cst.Attribute):
            _delete_attribute(ip, target, frame)


def _delete_attribute(ip: Interpreter, target: cst.Attribute, frame: Frame) -> None:
    owner, name = evaluate(ip, target.value, frame), target.attr.value
    if isinstance(owner, Instance) and name in owner.attributes:
        ip.mutate(owner.attributes)
        del owner.attributes[name]
    else:
        ip.report("D2Z116", target, frame, f"the deletion of {name} is not evaluated")


def _break(ip: Interpreter, node: cst.Break, line: Any, frame: Frame) -> None:
    raise LoopExit(again=False)


def _continue(ip: Interpreter, node: cst.Continue, line: Any, frame: Frame) -> None:
    raise LoopExit(again=True)


def _global(ip: Interpreter, node: cst.Global | cst.Nonlocal, line: Any, frame: Frame) -> None:
    names = {item.name.value for item in node.names}
    (frame.globals if isinstance(node, cst.Global) else frame.nonlocals).update(names)


def _nothing(ip: Interpreter, node: cst.CSTNode, line: Any, frame: Frame) -> None:
    return None


_SMALL: dict[type[cst.CSTNode], Callable[[Interpreter, Any, Any, Frame], None]] = {
    cst.Expr: _expression,
    cst.Assign: _assignment,
    cst.AnnAssign: _annotated,
    cst.AugAssign: _augmented,
    cst.Return: _return,
    cst.Raise: _raise,
    cst.Assert: _assert,
    cst.Del: _delete,
    cst.Break: _break,
    cst.Continue: _continue,
    cst.Global: _global,
    cst.Nonlocal: _global,
    cst.Pass: _nothing,
    cst.Import: imports.import_statement,
    cst.ImportFrom: imports.import_from,
}
_COMPOUND: dict[type[cst.CSTNode], Callable[[Interpreter, Any, Frame], None]] = {
    cst.If: branches.if_statement,
    cst.Try: branches.try_statement,
    cst.For: loops.for_statement,
    cst.While: loops.while_statement,
    cst.With: withs.with_statement,
    cst.FunctionDef: functions.define,
    cst.ClassDef: classes.define,
    cst.Match: matching.match_statement,
}
