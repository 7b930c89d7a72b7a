"""Objects of the project's pydantic models: values are converted and validated as pydantic does.

Source of the order: https://docs.pydantic.dev/latest/concepts/validators/.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import libcst as cst

from transpiler.evaluate import copies, operations
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Builtin, Instance, UserClass, UserFunction
from transpiler.evaluate.pydantic_types import converted
from transpiler.evaluate.truth import is_plain
from transpiler.model.values import Call, Ref

_BASES = frozenset({"pydantic.BaseModel", "pydantic.main.BaseModel", "pydantic.v1.BaseModel"})
_OF_FIELDS = {"field_validator", "validator"}
_OF_MODELS = {"model_validator", "root_validator"}


@dataclass(frozen=True)
class _Validator:
    """A validating method: of which fields (none: of the model), and whether before conversion."""

    function: UserFunction
    kind: str
    fields: tuple[str, ...]
    before: bool

    def of(self, field: str, *, before: bool) -> bool:
        """Whether it is one of this field, at this time."""
        fits = field in self.fields or "*" in self.fields
        return self.kind in _OF_FIELDS and fits and self.before is before


def is_model(cls: UserClass) -> bool:
    """Whether a class of the project is a pydantic model."""
    return any(isinstance(item, Ref) and item.qualified_name in _BASES for item in cls.mro())


def fill(instance: Instance, given: Any, site: CallSite) -> None:
    """Give an object its fields. Raises DagCodeError where pydantic finds a field missing."""
    validators = list(_validators(instance.cls))
    for one in validators:
        if one.kind in _OF_MODELS and one.before:
            given = _call(one.function, (instance.cls, given), site)
    if not isinstance(given, dict):
        return  # what a validator made of it is not known, and so are the fields
    for name, owner, annotation in _fields(instance.cls):
        declared = owner.namespace.get(name)
        key = _key(name, declared, given)
        if key is None:
            instance.attributes[name] = _default(instance.cls, name, declared, owner, site)
            continue
        value = given[key]
        for one in reversed([v for v in validators if v.of(name, before=True)]):
            value = _validated(one, instance, name, value, site)
        value = converted(site, annotation, value, owner)
        for one in (v for v in validators if v.of(name, before=False)):
            value = _validated(one, instance, name, value, site)
        instance.attributes[name] = value
    for one in validators:
        if one.kind in _OF_MODELS and not one.before:
            _validate_model(one, instance, site)


def _fields(cls: UserClass) -> Iterator[tuple[str, UserClass, cst.BaseExpression]]:
    """Each field's name, the class that declares it last, and its annotation."""
    found: dict[str, tuple[UserClass, cst.BaseExpression]] = {}
    for item in reversed(cls.mro()):
        if not isinstance(item, UserClass) or not isinstance(item.node.body, cst.IndentedBlock):
            continue
        lines = [x for x in item.node.body.body if isinstance(x, cst.SimpleStatementLine)]
        for small in (small for line in lines for small in line.body):
            if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name):
                found[small.target.value] = (item, small.annotation.annotation)
    for name, (owner, annotation) in found.items():
        if not name.startswith("_") and not _is_class_variable(annotation):
            yield name, owner, annotation


def _is_class_variable(annotation: cst.BaseExpression) -> bool:
    node = annotation.value if isinstance(annotation, cst.Subscript) else annotation
    name = node.attr if isinstance(node, cst.Attribute) else node
    return isinstance(name, cst.Name) and name.value == "ClassVar"


def _key(name: str, declared: Any, given: Mapping[str, Any]) -> str | None:
    options = declared.kwargs if isinstance(declared, Call) else {}
    for key in (options.get("validation_alias"), options.get("alias"), name):
        if isinstance(key, str) and key in given:
            return key
    return None


def _default(cls: UserClass, name: str, declared: Any, owner: UserClass, site: CallSite) -> Any:
    if isinstance(declared, Call) and declared.func.endswith(".Field"):
        if "default_factory" in declared.kwargs:
            from transpiler.evaluate.invoke import call_value

            return call_value(site.ip, declared.kwargs["default_factory"], (), {}, site)
        first = declared.args[0] if declared.args else ...
        declared = declared.kwargs.get("default", first)
    elif name not in owner.namespace:
        declared = ...
    if declared is ...:
        text = f"1 validation error for {cls.name}: {name}: Field required"
        raise DagCodeError("ValidationError", text, site.node)
    return copies.deep(site, declared)


def _validators(cls: UserClass) -> Iterator[_Validator]:
    from transpiler.evaluate.classes import underlying

    seen: set[str] = set()
    for item in cls.mro():
        for name, member in item.namespace.items() if isinstance(item, UserClass) else ():
            function = underlying(member)
            if name in seen or not isinstance(function, UserFunction):
                continue
            seen.add(name)
            if isinstance(function.node, cst.FunctionDef):
                yield from _decorating(function, function.node)


def _decorating(function: UserFunction, node: cst.FunctionDef) -> Iterator[_Validator]:
    for item in node.decorators:
        call = item.decorator
        made = call.func if isinstance(call, cst.Call) else call
        last = made.attr if isinstance(made, cst.Attribute) else made
        kind = last.value if isinstance(last, cst.Name) else ""
        if kind not in _OF_FIELDS | _OF_MODELS:
            continue
        given = call.args if isinstance(call, cst.Call) else ()
        texts = [a.value for a in given if a.keyword is None]
        options = {a.keyword.value: a.value for a in given if a.keyword is not None}
        before = "before" in _text(options.get("mode")) or _text(options.get("pre")) == "True"
        yield _Validator(function, kind, tuple(map(_text, texts)), before)


def _text(node: cst.BaseExpression | None) -> str:
    if isinstance(node, cst.SimpleString):
        return str(node.evaluated_value)
    return node.value if isinstance(node, cst.Name) else ""


def _validated(one: _Validator, instance: Instance, name: str, value: Any, site: CallSite) -> Any:
    params = [param.name.value for param in one.function.node.params.params][2:]
    done = dict(instance.attributes)
    if one.kind == "validator":
        known = {"values": done, "v": value}
        extra = {key: known[key] for key in params if key in known}
        return _call(one.function, (instance.cls, value), site, extra)
    info = _info(instance, name, done)
    return _call(one.function, (instance.cls, value, *([info] if params else [])), site)


def _info(instance: Instance, name: str, done: dict[str, Any]) -> Instance:
    cls = UserClass("ValidationInfo", (), {}, instance.cls.module, instance.cls.node)
    return Instance(cls, {"data": done, "field_name": name, "context": None, "mode": "python"})


def _validate_model(one: _Validator, instance: Instance, site: CallSite) -> None:
    if one.kind == "root_validator":
        values = _call(one.function, (instance.cls, dict(instance.attributes)), site)
        instance.attributes.update(values if isinstance(values, dict) else {})
    else:
        _call(one.function, (instance,), site)


def _call(
    function: UserFunction,
    args: tuple[Any, ...],
    site: CallSite,
    extra: dict[str, Any] | None = None,
) -> Any:
    from transpiler.evaluate.invoke import call_function

    return call_function(site.ip, function, args, extra or {}, site.node, site.frame)


def _dump(site: CallSite, value: Any, **options: Any) -> Any:
    if isinstance(value, Instance) and is_model(value.cls):
        names = [name for name, _, _ in _fields(value.cls)]
        found = {name: value.attributes.get(name) for name in names}
        without_none = options.get("exclude_none") is True
        return {
            name: _dump(site, item, **options)
            for name, item in found.items()
            if name not in (options.get("exclude") or ())
            and not (without_none and item is None)
            and (options.get("include") is None or name in options["include"])
        }
    if isinstance(value, dict):
        return {key: _dump(site, item, **options) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(_dump(site, item, **options) for item in value)
    return value


def _copied(site: CallSite, value: Instance, *, update: Any = None, deep: bool = False) -> Any:
    return Instance(value.cls, {**value.attributes, **(update or {})})


def _made(site: CallSite, cls: UserClass, given: Any, **options: Any) -> Any:
    from transpiler.evaluate.classes import instantiate

    if isinstance(given, Instance):
        return given
    if not isinstance(given, dict):
        return site.symbolic("what the model is made from is not known")
    return instantiate(site.ip, cls, (), given, site)


def _made_from_json(site: CallSite, cls: UserClass, text: Any, **options: Any) -> Any:
    if not isinstance(text, str) or not is_plain(text):
        return site.symbolic("what the model is made from is not known")
    return _made(site, cls, operations.attempt(lambda: json.loads(text), site.node))


_OF_OBJECTS: dict[str, Callable[..., Any]] = {
    "model_dump": _dump,
    "dict": _dump,
    "model_copy": _copied,
    "copy": _copied,
}
_OF_CLASSES: dict[str, Callable[..., Any]] = {
    "model_validate": _made,
    "parse_obj": _made,
    "model_validate_json": _made_from_json,
    "parse_raw": _made_from_json,
}


def member(target: Instance | UserClass, name: str) -> Builtin | None:
    """A method that the model has from pydantic; None for any other name, or class."""
    cls = target if isinstance(target, UserClass) else target.cls
    function = _OF_CLASSES.get(name)
    if function is None and isinstance(target, Instance):
        function = _OF_OBJECTS.get(name)
    if function is None or not is_model(cls):
        return None
    subject = cls if name in _OF_CLASSES else target
    return Builtin(name, lambda site, *a, **k: function(site, subject, *a, **k), wants_site=True)
