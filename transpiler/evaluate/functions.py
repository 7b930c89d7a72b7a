"""`def` and its decorators."""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate.calls import parameter_defaults
from transpiler.evaluate.classes import ClassMethod, Property, StaticMethod
from transpiler.evaluate.expressions import evaluate
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import UserFunction
from transpiler.model.values import Call, Ref, Symbolic

_METHODS = {"staticmethod": StaticMethod, "classmethod": ClassMethod, "property": Property,
            "functools.cached_property": Property}  # fmt: skip


def define(ip: Interpreter, node: cst.FunctionDef, frame: Frame) -> None:
    """Bind the name of a function, decorated as its decorators ask."""
    function: Any = UserFunction(
        node.name.value,
        node,
        frame,
        parameter_defaults(ip, node.params, frame),
        ip.span(node.name, frame),
        is_generator=_has_yield(node),
    )
    for item in reversed(node.decorators):
        function = _decorate(ip, evaluate(ip, item.decorator, frame), function, item, frame)
    frame.bind(node.name.value, function)


def _decorate(
    ip: Interpreter, decorator: Any, function: Any, node: cst.Decorator, frame: Frame
) -> Any:
    from transpiler.evaluate.invoke import call_value

    if isinstance(decorator, Ref) and decorator.qualified_name in _METHODS:
        return _METHODS[decorator.qualified_name](function)
    if isinstance(decorator, (Symbolic, Call)):
        return function
    result = call_value(ip, decorator, (function,), {}, CallSite(ip, node.decorator, frame))
    return function if isinstance(result, (Symbolic, Call)) else result


class _YieldFinder(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.found = False

    def visit_Yield(self, node: cst.Yield) -> bool:
        self.found = True
        return False

    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        return False

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        return False


def _has_yield(node: cst.FunctionDef) -> bool:
    finder = _YieldFinder()
    node.body.visit(finder)
    return finder.found
