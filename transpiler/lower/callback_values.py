"""What a callback is, as the model has it: its names, its arguments, how a finding shows it."""

from __future__ import annotations

import keyword

from transpiler.lower.python_literals import NotALiteralError
from transpiler.lower.shown_code import shortened
from transpiler.model.values import Call, FunctionRef, PartialRef, Ref, Symbolic, Value, is_known


def callback_names(callback: Value) -> list[str]:
    """The names by which migration.yaml may know a callback: dotted, then bare."""
    if isinstance(callback, PartialRef):
        return callback_names(callback.func)
    if isinstance(callback, FunctionRef):
        module = callback.module.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        parts = module.split(".")
        dotted = [".".join([*parts[i:], callback.name]) for i in range(len(parts))]
        return [*dotted, callback.name]
    if isinstance(callback, Ref):
        return [callback.qualified_name]
    return [callback.func] if isinstance(callback, Call) else ["the callback"]


def arguments_of_partial(callback: Value) -> tuple[Value, list[Value], dict[str, Value]]:
    """What a callback calls, and the arguments that partials around it fill in.

    Raises NotALiteralError where one cannot be written in a call.
    """
    args: list[Value] = []
    kwargs: dict[str, Value] = {}
    while isinstance(callback, PartialRef):
        args = [*callback.args, *args]
        kwargs = {**callback.kwargs, **kwargs}
        callback = callback.func
    if not all(name.isidentifier() and not keyword.iskeyword(name) for name in kwargs):
        raise NotALiteralError("a keyword of the partial is no Python name")
    if not all(map(is_known, [*args, *kwargs.values()])):
        raise NotALiteralError("an argument of the partial is known only when the DAG file runs")
    return callback, args, kwargs


def shown(callback: Value) -> str:
    """The callback as a finding names it."""
    if isinstance(callback, (Call, Symbolic)):
        return shortened(callback.code)
    if isinstance(callback, PartialRef):
        return f"the partial of {shown(callback.func)}"
    if isinstance(callback, FunctionRef):
        return f"{callback.owner.code}.{callback.name}" if callback.owner else callback.name
    return callback.qualified_name if isinstance(callback, Ref) else "what is given"
