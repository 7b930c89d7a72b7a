"""`def` and its decorators."""

from __future__ import annotations

import sys
from typing import Any

import libcst as cst

from transpiler.evaluate import assets
from transpiler.evaluate.builders import Decorated
from transpiler.evaluate.calls import parameter_defaults
from transpiler.evaluate.classes import CachedProperty, ClassMethod, Property, StaticMethod
from transpiler.evaluate.expressions import evaluate
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import ContextFunction, UserFunction
from transpiler.model.values import Call, Ref, Symbolic
from transpiler.source.visiting import visit

_CONTEXT_MANAGERS = frozenset({"contextlib.contextmanager"})
_HARMLESS = frozenset(
    "airflow attr attrs backoff cachetools decorators deprecated pydantic pytest retry retrying "
    "tenacity typing_extensions".split()
)
"""Packages whose decorators cache, retry or describe."""
_METHODS = {"staticmethod": StaticMethod, "classmethod": ClassMethod, "property": Property,
            "functools.cached_property": CachedProperty}  # fmt: skip


def define(ip: Interpreter, node: cst.FunctionDef, frame: Frame) -> None:
    """Bind the name of a function, decorated as its decorators ask."""
    written = UserFunction(
        node.name.value,
        node,
        frame,
        parameter_defaults(ip, node.params, frame),
        ip.span(node.name, frame),
        is_generator="yield" in ip.code(node, frame) and _has_yield(node),
    )
    function: Any = written
    for above, item in reversed(list(enumerate(node.decorators, start=1))):
        was_task = isinstance(function, Decorated)
        function = _decorate(ip, evaluate(ip, item.decorator, frame), function, item, frame)
        if isinstance(function, Decorated) and not was_task:
            written.task_decorators = above
    _note_definition(function.function if isinstance(function, Decorated) else function, written)
    frame.bind(node.name.value, function)


def _note_definition(result: Any, written: UserFunction) -> None:
    """Tell a wrapper that the `def`, with its decorators, is the code of it."""
    shows = isinstance(result, UserFunction) and result is not written and result.shown is written
    if shows:
        result.written_as = written


def _decorate(
    ip: Interpreter, decorator: Any, function: Any, node: cst.Decorator, frame: Frame
) -> Any:
    from transpiler.evaluate.invoke import call_value

    if isinstance(decorator, Ref) and decorator.qualified_name in _METHODS:
        return _METHODS[decorator.qualified_name](function)
    if isinstance(decorator, Ref) and decorator.qualified_name in _CONTEXT_MANAGERS:
        return ContextFunction(function) if isinstance(function, UserFunction) else function
    result = decorator
    if not isinstance(decorator, (Symbolic, Call)):
        result = call_value(ip, decorator, (function,), {}, CallSite(ip, node.decorator, frame))
    if not isinstance(result, (Symbolic, Call)) or assets.is_asset(result):
        return result
    if isinstance(function, UserFunction) and not _leaves_alone(result):
        function.wrapped_by = ip.code(node.decorator, frame)
    return function


def _leaves_alone(mark: Symbolic | Call) -> bool:
    """Whether a decorator that is not evaluated is known to keep what the function does."""
    top = mark.func.partition(".")[0] if isinstance(mark, Call) else ""
    return top in sys.stdlib_module_names or top in _HARMLESS


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
    visit(node.body, finder)
    return finder.found
