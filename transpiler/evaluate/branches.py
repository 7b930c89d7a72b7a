"""`if`, `try` and `match`."""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate import operations
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.truth import is_plain, truth
from transpiler.model.values import Symbolic

_BASES = {
    "FileNotFoundError": ("OSError", "IOError"),
    "ModuleNotFoundError": ("ImportError",),
    "KeyError": ("LookupError",),
    "IndexError": ("LookupError",),
    "UnicodeDecodeError": ("ValueError",),
    "JSONDecodeError": ("ValueError",),
    "YAMLError": (),
}


def if_statement(ip: Interpreter, node: cst.If, frame: Frame) -> None:
    """`if`; where the condition is not known both sides run and names that differ become unknown."""
    from transpiler.evaluate.expressions import evaluate
    from transpiler.evaluate.statements import execute, execute_block

    test = truth(evaluate(ip, node.test, frame))
    if test is None:
        _both_sides(ip, node, frame)
    elif test:
        execute_block(ip, node.body, frame)
    elif isinstance(node.orelse, cst.If):
        execute(ip, node.orelse, frame)
    elif node.orelse is not None:
        execute_block(ip, node.orelse.body, frame)


def _both_sides(ip: Interpreter, node: cst.If, frame: Frame) -> None:
    from transpiler.evaluate.statements import execute, execute_block

    before, events = dict(frame.names), ip.events
    outcomes = []
    sides: list[Any] = [lambda: execute_block(ip, node.body, frame)]
    if isinstance(node.orelse, cst.If):
        sides.append(lambda: execute(ip, node.orelse, frame))
    elif node.orelse is not None:
        otherwise = node.orelse.body
        sides.append(lambda: execute_block(ip, otherwise, frame))
    else:
        sides.append(lambda: None)
    for side in sides:
        frame.names.clear()
        frame.names.update(before)
        try:
            side()
        except DagCodeError:
            continue
        outcomes.append(dict(frame.names))
    if ip.events != events:
        test = ip.code(node.test, frame)
        ip.report(
            "D2Z110", node.test, frame, f"the condition {test!r} decides which tasks there are"
        )
    _merge(ip, node, frame, outcomes or [before])


def _merge(ip: Interpreter, node: cst.If, frame: Frame, outcomes: list[dict[str, Any]]) -> None:
    frame.names.clear()
    span = ip.span(node.test, frame)
    missing = object()
    for name in {name: None for outcome in outcomes for name in outcome}:
        values = [outcome.get(name, missing) for outcome in outcomes]
        first = values[0]
        same = all(
            value is first or (is_plain(value) and is_plain(first) and value == first)
            for value in values
        )
        if same:
            frame.names[name] = first
        else:
            reason = f"it depends on the condition in line {span.line}"
            frame.assigned_often.add(name)
            frame.assignments.pop(name, None)
            frame.names[name] = Symbolic(name, reason, span)


def try_statement(ip: Interpreter, node: cst.Try, frame: Frame) -> None:
    """`try`: the handler whose exception class fits runs."""
    from transpiler.evaluate.statements import execute_block

    try:
        try:
            execute_block(ip, node.body, frame)
        except DagCodeError as error:
            handler = next((h for h in node.handlers if _catches(ip, h, error, frame)), None)
            if handler is None:
                raise
            if handler.name is not None and isinstance(handler.name.name, cst.Name):
                frame.bind(
                    handler.name.name.value, Symbolic(handler.name.name.value, "it is an exception")
                )
            previous, frame.handling = frame.handling, error
            execute_block(ip, handler.body, frame)
            frame.handling = previous
        else:
            if node.orelse is not None:
                execute_block(ip, node.orelse.body, frame)
    finally:
        if node.finalbody is not None:
            execute_block(ip, node.finalbody.body, frame)


def _catches(
    ip: Interpreter, handler: cst.ExceptHandler, error: DagCodeError, frame: Frame
) -> bool:
    if handler.type is None:
        return True
    nodes = handler.type.elements if isinstance(handler.type, cst.Tuple) else [handler.type]
    names = {
        ip.code(n.value if isinstance(n, cst.Element) else n, frame).rpartition(".")[2]
        for n in nodes
    }
    return bool(names & {error.kind, "Exception", "BaseException", *_BASES.get(error.kind, ())})


def match_statement(ip: Interpreter, node: cst.Match, frame: Frame) -> None:
    """`match` over plain values and `_`; other patterns are reported."""
    from transpiler.evaluate.expressions import evaluate
    from transpiler.evaluate.statements import execute_block

    subject = evaluate(ip, node.subject, frame)
    for case in node.cases:
        fits = _fits(ip, case.pattern, subject, frame)
        if fits is None or (
            fits and case.guard is not None and truth(evaluate(ip, case.guard, frame)) is None
        ):
            ip.report(
                "D2Z116", case, frame, "the pattern, or what it is matched with, is not evaluated"
            )
            return
        if fits and (case.guard is None or truth(evaluate(ip, case.guard, frame))):
            execute_block(ip, case.body, frame)
            return


def _fits(ip: Interpreter, pattern: cst.MatchPattern, subject: Any, frame: Frame) -> bool | None:
    from transpiler.evaluate.expressions import evaluate

    if isinstance(pattern, cst.MatchAs) and pattern.pattern is None:
        if pattern.name is not None:
            frame.bind(pattern.name.value, subject)
        return True
    if not is_plain(subject):
        return None
    if isinstance(pattern, (cst.MatchValue, cst.MatchSingleton)):
        expected = evaluate(ip, pattern.value, frame)
        return bool(operations.attempt(lambda: expected == subject, pattern))
    if isinstance(pattern, cst.MatchOr):
        parts = [_fits(ip, element.pattern, subject, frame) for element in pattern.patterns]
        return True if True in parts else None if None in parts else False
    return None
