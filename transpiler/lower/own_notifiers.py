"""Objects of the project's classes in code: notifiers over `BaseNotifier`, and owners of methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from transpiler.lower.errors import UntranslatableError
from transpiler.lower.python_literals import NotALiteralError, literal
from transpiler.model.finding import finding
from transpiler.model.values import Call, FunctionRef, Value, is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering


def is_own_notifier(callback: Value, to: Lowering) -> bool:
    """Whether the callback is an object of a class that the project wrote over `BaseNotifier`."""
    return isinstance(callback, Call) and to.callables.modules.member(callback.func) is not None


def own_object(callback: Call, to: Lowering, text: Callable[[Value], str]) -> str:
    """The making of the object in code; its class is copied into the steps module.

    Raises NotALiteralError, and UntranslatableError (D2Z304, D2Z305).
    """
    name = to.callables.source.outside(
        callback.func, callback.func.rpartition(".")[2], callback.span
    )
    arguments = [_argument(value, to, text) for value in callback.args]
    arguments += [f"{key}={_argument(one, to, text)}" for key, one in callback.kwargs.items()]
    return f"{name}({', '.join(arguments)})"


def _argument(value: Value, to: Lowering, text: Callable[[Value], str]) -> str:
    """An argument in code: the making of another object of the project, or what is known."""
    if isinstance(value, Call) and to.callables.modules.member(value.func) is not None:
        return own_object(value, to, text)
    if not is_known(value):
        raise NotALiteralError("an argument is known only when the DAG file runs")
    return text(value)


def own_method(function: FunctionRef, to: Lowering, text: Callable[[Value], str]) -> str:
    """The bound method in code, or the object itself where calling that is what is asked for.

    Raises as `own_object`.
    """
    assert function.owner is not None
    made = own_object(function.owner, to, text)
    return made if function.name == "__call__" else f"{made}.{function.name}"


def method_of_object(function: FunctionRef, to: Lowering) -> str:
    """The bound method in code of the steps module. Raises UntranslatableError (D2Z303-D2Z305)."""
    try:
        return own_method(function, to, lambda one: literal(one, use=to.callables.space.use)[0])
    except NotALiteralError as error:
        detail = f"{function.name} is a method of an object: {error}"
        raise UntranslatableError(finding("D2Z303", function.span, detail)) from error
