"""Objects of the project's classes as the model keeps them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from transpiler.evaluate.objects import BoundMethod, Instance, UserClass, UserFunction
from transpiler.model.span import Span
from transpiler.model.values import Call, FunctionRef, Ref, Symbolic


def instance(value: Instance, depth: int) -> Any:
    """An object: an enum's text or number, the making of a notifier, a callable object's method."""
    if value.cls.is_enum and isinstance(value.attributes.get("value"), (str, int)):
        bases = {
            getattr(base, "qualified_name", getattr(base, "name", "")) for base in value.cls.mro()
        }
        if bases & {"str", "int", "enum.StrEnum", "enum.IntEnum"}:
            return value.attributes["value"]
    outside = [item.qualified_name for item in value.cls.mro() if isinstance(item, Ref)]
    if any(name.endswith("BaseNotifier") for name in outside):
        return _making(value, depth)
    called = _member(value.cls, "__call__")
    if isinstance(called, UserFunction) and _can_be_made_again(value):
        return _method(called, value, depth)
    return Symbolic(
        f"{value.cls.name}(…)", "it is an object of a class of the project", value.cls.span
    )


def bound_method(value: BoundMethod, depth: int) -> Any:
    """A method with its object, where that can be made again; else the function alone."""
    from transpiler.evaluate.export import export_value

    receiver, function = value.receiver, value.function
    own = isinstance(receiver, Instance) and _can_be_made_again(receiver)
    if own and isinstance(function, UserFunction):
        return _method(function, receiver, depth)
    return export_value(function, depth + 1)


def _method(function: UserFunction, owner: Instance, depth: int) -> FunctionRef:
    from transpiler.evaluate.export import export_function

    return replace(export_function(function), owner=_making(owner, depth))


def _making(value: Instance, depth: int) -> Call:
    from transpiler.evaluate.export import export_value

    args, kwargs = (export_value(part, depth + 1) for part in value.call)
    module = value.cls.module.removesuffix(".py").replace("/", ".")
    span = value.cls.span or Span(value.cls.module, 1, 1, 1, 1)
    return Call(f"{module}.{value.cls.name}", args, kwargs, f"{value.cls.name}(…)", span)


def _can_be_made_again(value: Instance) -> bool:
    """Whether calling its class, which stands in a module, gives an object like it."""
    frame = value.cls.body.parent if value.cls.body is not None else None
    return value.made == value.attributes and frame is not None and frame.kind == "module"


def _member(cls: UserClass, name: str) -> Any:
    try:
        return cls.lookup(name)
    except KeyError:
        return None
