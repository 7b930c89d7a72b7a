"""Classes of the project: dataclasses, enums, plain ones, and subclasses of operators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import libcst as cst

from transpiler.evaluate import class_hooks
from transpiler.evaluate.enum_members import make_members
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import Instance, UserClass, UserFunction
from transpiler.model.values import Call, Ref

_ENUMS = {"enum.Enum", "enum.StrEnum", "enum.IntEnum", "enum.Flag", "enum.IntFlag"}
_DATACLASSES = {"dataclasses.dataclass", "pydantic.dataclasses.dataclass", "attr.s", "attrs.define"}
_FIELD_BASES = {"typing.NamedTuple", "pydantic.BaseModel"}


@dataclass(eq=False)
class StaticMethod:
    """`@staticmethod`."""

    function: Any


@dataclass(eq=False)
class ClassMethod:
    """`@classmethod`."""

    function: Any


@dataclass(eq=False)
class Property:
    """`@property`; `setter` is what an assignment calls."""

    function: Any
    setter: Any = None


@dataclass(eq=False)
class CachedProperty(Property):
    """`@cached_property`, which is evaluated once for an object."""


def underlying(member: Any) -> Any:
    """The function of a method, however it is decorated."""
    return member.function if isinstance(member, (StaticMethod, ClassMethod, Property)) else member


def define(ip: Interpreter, node: cst.ClassDef, frame: Frame) -> None:
    """Evaluate a class statement and bind its name."""
    from transpiler.evaluate.expressions import evaluate
    from transpiler.evaluate.statements import execute_block

    bases = tuple(evaluate(ip, base.value, frame) for base in node.bases if not base.star)
    body = Frame("class", frame.module, frame, depth=frame.depth)
    execute_block(ip, node.body, body)
    decorators = [(evaluate(ip, item.decorator, frame), item) for item in node.decorators]
    names = {_decorator_name(decorator) for decorator, _ in decorators}
    base_names = {getattr(b, "qualified_name", "") for b in bases}
    cls = UserClass(
        name=node.name.value,
        bases=bases,
        namespace=body.names,
        module=frame.module.path,
        node=node,
        annotations=tuple(_annotated(node)),
        is_dataclass=bool(names & _DATACLASSES or base_names & _FIELD_BASES)
        or any(isinstance(b, UserClass) and b.is_dataclass for b in bases),
        is_enum=bool(base_names & _ENUMS)
        or any(isinstance(b, UserClass) and b.is_enum for b in bases),
        span=ip.span(node.name, frame),
        is_tuple="typing.NamedTuple" in base_names
        or any(isinstance(b, UserClass) and b.is_tuple for b in bases),
        body=body,
    )
    ip.classes.append(cls)
    if cls.is_enum:
        make_members(cls, CallSite(ip, node.name, frame))
    class_hooks.tell_bases(ip, cls, frame)
    frame.bind(node.name.value, class_hooks.decorated(ip, cls, decorators, frame))


def _decorator_name(value: Any) -> str:
    if isinstance(value, Ref):
        return value.qualified_name
    return value.func if isinstance(value, Call) else ""


def _annotated(node: cst.ClassDef) -> list[str]:
    if not isinstance(node.body, cst.IndentedBlock):
        return []
    return [
        small.target.value
        for line in node.body.body
        if isinstance(line, cst.SimpleStatementLine)
        for small in line.body
        if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name)
    ]


def outside_base(cls: UserClass) -> Ref | None:
    """The first base from outside the project that could be an operator."""
    from transpiler.evaluate.airflow_calls import looks_like_operator

    for item in cls.mro():
        if isinstance(item, Ref) and looks_like_operator(item.qualified_name):
            return item
    return None


def instantiate(
    ip: Interpreter, cls: UserClass, args: tuple[Any, ...], kwargs: dict[str, Any], site: CallSite
) -> Any:
    """Call a class of the project."""
    from transpiler.evaluate import dag_subclasses, pydantic_models, subclasses

    base = outside_base(cls)
    if base is not None:
        return subclasses.instantiate_subclass(ip, cls, base, args, kwargs, site)
    if dag_subclasses.structure_of(cls) is not None:
        return dag_subclasses.instantiate(ip, cls, args, kwargs, site)
    if cls.is_enum:
        return _enum_lookup(cls, args, site)
    instance = Instance(cls, call=(args, kwargs))
    if pydantic_models.is_model(cls) and "__init__" not in cls.namespace:
        pydantic_models.fill(instance, kwargs, site)
    elif cls.is_dataclass and "__init__" not in cls.namespace:
        _fill_fields(ip, instance, args, kwargs, site)
    run_init(ip, cls, instance, args, kwargs, site)
    instance.note_made()
    return instance


def _enum_lookup(cls: UserClass, args: tuple[Any, ...], site: CallSite) -> Any:
    for member in cls.namespace.values():
        if isinstance(member, Instance) and args and member.attributes.get("value") == args[0]:
            return member
    raise DagCodeError("ValueError", f"not a valid {cls.name}", site.node)


def _fill_fields(
    ip: Interpreter,
    instance: Instance,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    site: CallSite,
) -> None:
    names = instance.cls.field_names()
    left_out = {name for name in names if not _is_parameter(instance.cls, name)}
    taken = [name for name in names if name not in left_out]
    given = {**dict(zip(taken, args, strict=False)), **kwargs}
    for name in names:
        if name in given:
            instance.attributes[name] = given[name]
            continue
        try:
            instance.attributes[name] = _default(ip, instance.cls.lookup(name), site)
        except KeyError:
            if name in left_out:
                continue
            text = f"{instance.cls.name}() missing required argument: '{name}'"
            raise DagCodeError("TypeError", text, site.node) from None


def _is_parameter(cls: UserClass, name: str) -> bool:
    """Whether `__init__` takes the field: not where it says `field(init=False)`."""
    try:
        written = cls.lookup(name)
    except KeyError:
        return True
    return not isinstance(written, Call) or written.kwargs.get("init") is not False


def _default(ip: Interpreter, value: Any, site: CallSite) -> Any:
    if isinstance(value, Call) and value.func.endswith((".field", ".Field")):
        if "default_factory" in value.kwargs:
            from transpiler.evaluate.invoke import call_value

            return call_value(ip, value.kwargs["default_factory"], (), {}, site)
        return value.kwargs.get("default", value.args[0] if value.args else None)
    return value


def run_init(
    ip: Interpreter,
    cls: UserClass,
    receiver: Any,
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    site: CallSite,
) -> None:
    """Evaluate `__init__` (or what a dataclass or model runs after it) of a project class on its new object."""
    from transpiler.evaluate.invoke import call_function

    for item in cls.mro():
        if not isinstance(item, UserClass):
            continue
        for name, given in (
            ("__init__", (args, kwargs)),
            ("__post_init__", ((), {})),
            ("model_post_init", ((None,), {})),
        ):
            function = item.namespace.get(name)
            if isinstance(function, UserFunction):
                call_function(
                    ip,
                    function,
                    (receiver, *given[0]),
                    given[1],
                    site.node,
                    site.frame,
                    item,
                    receiver,
                )
                return
