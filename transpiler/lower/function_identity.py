"""Telling functions of the source apart."""

from __future__ import annotations

from transpiler.model.values import FunctionRef, Ref, Value, is_known


def function_identity(ref: FunctionRef) -> tuple[int, str]:
    """A function inside another one is a different one for each set of enclosing values."""
    given = [*sorted(ref.closure.items()), *sorted(ref.defaults.items())]
    values = [f"{name}={_known_or_identity(value)}" for name, value in given]
    return id(ref.node), ", ".join(values)


def _known_or_identity(value: Value) -> str:
    if isinstance(value, FunctionRef):
        return repr(function_identity(value))
    return repr(value) if is_known(value) or isinstance(value, Ref) else str(id(value))
