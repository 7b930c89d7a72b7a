"""`if` and `try`."""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate import both_sides, defaults, exceptions, imports
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.objects import VersionSwitch
from transpiler.evaluate.truth import truth
from transpiler.model.values import Ref, Symbolic


def if_statement(ip: Interpreter, node: cst.If, frame: Frame) -> None:
    """`if`; where the condition is not known both sides run and names that differ become unknown."""
    from transpiler.evaluate.expressions import evaluate
    from transpiler.evaluate.statements import execute, execute_block

    value = evaluate(ip, node.test, frame)
    test = True if _is_present(node.test, value, frame) else truth(value)
    if isinstance(value, VersionSwitch) and not _only_imports(node):
        shown = f"{ip.code(node.test, frame)} is taken as {value.value}"
        ip.report("D2Z121", node.test, frame, f"{shown}, as the imports of the file say")
    if test is None:
        _both_sides(ip, node, frame, defaults.usual_side(ip, value))
    elif test:
        execute_block(ip, node.body, frame)
    elif isinstance(node.orelse, cst.If):
        execute(ip, node.orelse, frame)
    elif node.orelse is not None:
        execute_block(ip, node.orelse.body, frame)


def _only_imports(node: cst.If) -> bool:
    """Whether every side only imports, so that both mean the same."""
    sides = [node.body]
    otherwise = node.orelse
    while isinstance(otherwise, cst.If):
        sides.append(otherwise.body)
        otherwise = otherwise.orelse
    if otherwise is not None:
        sides.append(otherwise.body)
    return all(_imports(line) for side in sides for line in side.body)


def _imports(statement: cst.CSTNode) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and all(
        isinstance(small, (cst.Import, cst.ImportFrom)) for small in statement.body
    )


def _both_sides(ip: Interpreter, node: cst.If, frame: Frame, usual: int | None) -> None:
    from transpiler.evaluate.statements import execute, execute_block

    otherwise = node.orelse

    def other_side() -> None:
        if isinstance(otherwise, cst.If):
            execute(ip, otherwise, frame)
        elif otherwise is not None:
            execute_block(ip, otherwise.body, frame)

    sides = [lambda: execute_block(ip, node.body, frame), other_side]
    both_sides.read_sides(ip, node.test, frame, sides, usual)


def try_statement(ip: Interpreter, node: cst.Try, frame: Frame) -> None:
    """`try`: the handler whose exception class fits runs."""
    from transpiler.evaluate.statements import execute_block

    before, events = set(frame.imported), ip.events
    assumed = _assume_imports(ip, node, frame)
    try:
        try:
            execute_block(ip, node.body, frame)
            if assumed:
                frame.present.update(frame.imported.keys() - before)
        except DagCodeError as error:
            handler = next(
                (h for h in node.handlers if exceptions.catches(ip, h, error, frame)), None
            )
            if handler is None:
                raise
            if ip.events != events or (exceptions.is_broad(handler) and not _own(node, error)):
                text = f"{error} ends the code in this try early; nothing after it there is read"
                ip.report("D2Z110", handler, frame, text, severity="warning")
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


def _own(node: cst.Try, error: DagCodeError) -> bool:
    """Whether the exception comes from the lines of the block, not from a function that they call."""
    waiting: list[cst.CSTNode] = [node.body]
    while waiting:
        found = waiting.pop()
        if found is error.node:
            return True
        waiting.extend(found.children)
    return False


def _is_present(test: cst.BaseExpression, value: Any, frame: Frame) -> bool:
    """Whether the condition is a name that an import was assumed to bind."""
    if not isinstance(test, cst.Name) or not isinstance(value, Ref):
        return False
    home: Frame | None = frame
    while home is not None and test.value not in home.names:
        home = home.parent
    return home is not None and test.value in home.present


def _assume_imports(ip: Interpreter, node: cst.Try, frame: Frame) -> bool:
    """Say that a package is taken to be there, where the file would do something else without it."""
    missing = DagCodeError("ModuleNotFoundError", "")
    handlers = [h for h in node.handlers if exceptions.catches(ip, h, missing, frame)]
    assigns = any(
        isinstance(small, (cst.Assign, cst.AnnAssign))
        for handler in handlers
        for line in handler.body.body
        if isinstance(line, cst.SimpleStatementLine)
        for small in line.body
    )
    modules = [name for line in node.body.body for name in _modules(ip, line, frame)]
    outside = [name for name in modules if imports.is_optional(ip, name)]
    if assigns and outside:
        text = f"the file is read as if {', '.join(outside)} can be imported"
        ip.report("D2Z121", node.body.body[0], frame, text)
    return bool(assigns and outside)


def _modules(ip: Interpreter, line: cst.CSTNode, frame: Frame) -> list[str]:
    if not isinstance(line, cst.SimpleStatementLine):
        return []
    found: list[str] = []
    for small in line.body:
        if isinstance(small, cst.Import):
            found.extend(ip.code(alias.name, frame) for alias in small.names)
        elif isinstance(small, cst.ImportFrom) and small.module and not small.relative:
            found.append(ip.code(small.module, frame))
    return found
