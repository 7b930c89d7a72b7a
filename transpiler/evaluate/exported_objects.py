"""Objects of the project's classes as the model keeps them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from transpiler.evaluate.objects import BoundMethod, Instance, UserClass, UserFunction
from transpiler.model.span import Span
from transpiler.model.values import Call, FunctionRef, Ref, Symbolic

_DEEPEST = 20
"""Objects within each other that are made again."""


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
    positional, named = value.call
    args = tuple(_given(one, depth) for one in positional)
    kwargs = {name: _given(one, depth) for name, one in named.items()}
    return _called(value.cls, args, kwargs)


def _given(value: Any, depth: int) -> Any:
    """What an object was made with: the making of another object, or a value."""
    from transpiler.evaluate.export import export_value

    if isinstance(value, Instance) and value.cls.is_enum:
        return _called(value.cls, (export_value(value.attributes["value"], depth + 1),), {})
    if isinstance(value, Instance) and _can_be_made_again(value) and depth < _DEEPEST:
        return _making(value, depth + 1)
    return export_value(value, depth + 1)


def _called(cls: UserClass, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
    module = cls.module.removesuffix(".py").replace("/", ".")
    span = cls.span or Span(cls.module, 1, 1, 1, 1)
    return Call(f"{module}.{cls.name}", args, kwargs, f"{cls.name}(…)", span)


def _can_be_made_again(value: Instance) -> bool:
    """Whether calling its class, which stands in a module, gives an object like it."""
    frame = value.cls.body.parent if value.cls.body is not None else None
    return value.made == value.attributes and frame is not None and frame.kind == "module"


def _member(cls: UserClass, name: str) -> Any:
    try:
        return cls.lookup(name)
    except KeyError:
        return None
