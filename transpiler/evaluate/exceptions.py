"""`raise` and `except`: which handler an exception of the evaluated code goes to."""

from __future__ import annotations

import builtins
from typing import Any

import libcst as cst

from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.objects import Instance, UserClass
from transpiler.model.values import Call, Ref

_OUTSIDE = {
    "UnicodeDecodeError": ("ValueError",),
    "JSONDecodeError": ("ValueError",),
    "ParserError": ("ValueError",),
    "YAMLError": (),
    "DuplicateTaskIdFound": ("AirflowException",),
    "TaskNotFound": ("AirflowNotFoundException", "AirflowException"),
}
_NO_EXCEPTIONS = frozenset({"SystemExit", "KeyboardInterrupt", "GeneratorExit"})
_ALL = frozenset({"Exception", "BaseException"})
_ALIASES = {"IOError": "OSError", "EnvironmentError": "OSError"}


def raised(ip: Interpreter, node: cst.Raise, frame: Frame) -> DagCodeError:
    """The exception that a `raise` statement makes."""
    from transpiler.evaluate.expressions import evaluate

    if node.exc is None:
        if frame.handling is not None:
            return frame.handling  # type: ignore[no-any-return]
        return DagCodeError("RuntimeError", "No active exception to reraise", node)
    value = evaluate(ip, node.exc, frame)
    shown = node.exc.func if isinstance(node.exc, cst.Call) else node.exc
    kind = ip.code(shown, frame).rpartition(".")[2]
    texts = value.args if isinstance(value, Call) else ()
    error = DagCodeError(kind, ", ".join(t for t in texts if isinstance(t, str))[:200], node)
    error.ancestors = _ancestors(value)
    error.module = frame.module.path
    return error


def _ancestors(value: Any) -> frozenset[str]:
    cls = value.cls if isinstance(value, Instance) else value
    if not isinstance(cls, UserClass):
        name = value.func if isinstance(value, Call) else getattr(value, "qualified_name", "")
        return frozenset({name.rpartition(".")[2]} - {""})
    names = {item.name for item in cls.mro() if isinstance(item, UserClass)}
    outside = {i.qualified_name.rpartition(".")[2] for i in cls.mro() if isinstance(i, Ref)}
    return frozenset(names | outside)


def catches(ip: Interpreter, handler: cst.ExceptHandler, error: DagCodeError, frame: Frame) -> bool:
    """Whether a handler takes the exception; classes go by their names."""
    if handler.type is None:
        return True
    nodes = handler.type.elements if isinstance(handler.type, cst.Tuple) else [handler.type]
    wanted = {
        ip.code(n.value if isinstance(n, cst.Element) else n, frame).rpartition(".")[2]
        for n in nodes
    }
    return bool({_ALIASES.get(name, name) for name in wanted} & families(error))


def is_broad(handler: cst.ExceptHandler) -> bool:
    """Whether a handler takes whatever goes wrong."""
    name = handler.type
    return name is None or (isinstance(name, cst.Name) and name.value in _ALL)


def names_of(classes: tuple[Any, ...]) -> set[str]:
    """Names of exception classes that are values."""
    names = {
        getattr(item, "qualified_name", getattr(item, "name", "")).rpartition(".")[2]
        for item in classes
    }
    return {_ALIASES.get(name, name) for name in names}


def families(error: DagCodeError) -> set[str]:
    """Names of the exception's class and of its bases."""
    found: set[str] = {"BaseException"}
    if not {error.kind, *error.ancestors} & _NO_EXCEPTIONS:
        found.add("Exception")
    for name in {error.kind, *error.ancestors}:
        found.add(name)
        found.update(_OUTSIDE.get(name, ()))
        known = getattr(builtins, name, None)
        if isinstance(known, type) and issubclass(known, BaseException):
            found.update(item.__name__ for item in known.__mro__)
        elif name.startswith("Airflow"):
            found.add("AirflowException")
    return found
