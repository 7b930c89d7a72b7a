"""Notifiers that a project wrote over Airflow's `BaseNotifier`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from transpiler.lower.python_literals import NotALiteralError
from transpiler.model.values import Call, Value, is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering


def is_own_notifier(callback: Value, to: Lowering) -> bool:
    """Whether the callback is an object of a class that the project wrote over `BaseNotifier`."""
    return isinstance(callback, Call) and to.callables.modules.member(callback.func) is not None


def own_notifier(callback: Call, to: Lowering, text: Callable[[Value], str]) -> str:
    """The making of the object in code; its class is copied into the steps module.

    Raises NotALiteralError, and UntranslatableError (D2Z304, D2Z305).
    """
    values = [*callback.args, *callback.kwargs.values()]
    if not is_known(values):
        raise NotALiteralError("an argument is known only when the DAG file runs")
    name = to.callables.source.outside(
        callback.func, callback.func.rpartition(".")[2], callback.span
    )
    arguments = [text(value) for value in callback.args]
    arguments += [f"{key}={text(value)}" for key, value in callback.kwargs.items()]
    return f"{name}({', '.join(arguments)})"
