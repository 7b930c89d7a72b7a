"""Named tuples and what `dataclasses` offers for objects of the project's classes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

from transpiler.evaluate.comprehensions import iterate
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Builtin, Instance, UserClass
from transpiler.evaluate.truth import is_plain


def _namedtuple(site: CallSite, name: Any, fields: Any, **options: Any) -> Any:
    """`collections.namedtuple("Row", "name size")`."""
    if isinstance(fields, str):
        fields = fields.replace(",", " ").split()
    given = options.get("defaults") or ()
    if not (isinstance(name, str) and is_plain(fields) and is_plain(given)) or options.get(
        "rename"
    ):
        return site.symbolic("the fields are not known")
    names = [str(field) for field in fields]
    defaults = dict(zip(names[len(names) - len(given) :], given, strict=True))
    node = cst.ClassDef(name=cst.Name("Row"), body=cst.IndentedBlock(body=[]))
    span = site.ip.span(site.node, site.frame)
    cls = UserClass(
        name,
        (),
        defaults,
        site.frame.module.path,
        node,
        tuple(names),
        True,
        False,
        span,
        is_tuple=True,
    )
    site.ip.classes.append(cls)
    return cls


def _as_dict(site: CallSite, value: Any) -> Any:
    if not (isinstance(value, Instance) and value.cls.is_dataclass):
        return site.symbolic("it is no object of a dataclass of the project")
    return {name: _plain(value.attributes.get(name)) for name in value.cls.field_names()}


def _plain(value: Any) -> Any:
    if isinstance(value, Instance) and value.cls.is_dataclass:
        return {name: _plain(value.attributes.get(name)) for name in value.cls.field_names()}
    if isinstance(value, (list, tuple)):
        return type(value)(_plain(item) for item in value)
    return {k: _plain(v) for k, v in value.items()} if isinstance(value, dict) else value


def _replace(site: CallSite, value: Any, **changes: Any) -> Any:
    if not (isinstance(value, Instance) and value.cls.is_dataclass):
        return site.symbolic("it is no object of a dataclass of the project")
    return Instance(value.cls, {**value.attributes, **changes})


def _fields(site: CallSite, value: Any) -> Any:
    cls = value.cls if isinstance(value, Instance) else value
    if not isinstance(cls, UserClass):
        return site.symbolic("it is no dataclass of the project")
    field = UserClass("Field", (), {}, cls.module, cls.node, ("name",), True)
    return [Instance(field, {"name": name}) for name in cls.field_names()]


def member(instance: Instance, name: str) -> Any:
    """`_asdict`, `_replace` and `_fields` of a named tuple; None for any other name."""
    if not instance.cls.is_tuple:
        return None
    if name == "_fields":
        return tuple(instance.cls.field_names())
    if name == "_asdict":
        return Builtin(name, lambda site: _as_dict(site, instance), wants_site=True)
    if name == "_replace":
        return Builtin(name, lambda site, **new: _replace(site, instance, **new), wants_site=True)
    return None


def _group_by(site: CallSite, value: Any, key: Any = None) -> Any:
    """`itertools.groupby`, as a list of keys and lists."""
    from transpiler.evaluate.invoke import call_value

    items = iterate(site.ip, value, site.node, site.frame)
    if items is None:
        return site.symbolic("the items are not known")
    found: list[tuple[Any, list[Any]]] = []
    for item in items:
        group = call_value(site.ip, key, (item,), {}, site) if key is not None else item
        if not is_plain(group):
            return site.symbolic("a key is not known")
        if found and found[-1][0] == group:
            found[-1][1].append(item)
        else:
            found.append((group, [item]))
    return found


def _getter(kind: str) -> Any:
    """`operator.itemgetter` and `operator.attrgetter`."""

    def make(site: CallSite, *names: Any) -> Any:
        from transpiler.evaluate import access, items

        def one(inner: CallSite, value: Any, name: Any) -> Any:
            if kind == "item":
                return items.item(inner.ip, value, name, inner.node, inner.frame)  # type: ignore[arg-type]
            return access.attribute(inner.ip, value, name, inner.node, inner.frame)  # type: ignore[arg-type]

        def get(inner: CallSite, value: Any) -> Any:
            found = tuple(one(inner, value, name) for name in names)
            return found[0] if len(found) == 1 else found

        return Builtin(f"operator.{kind}getter", get, wants_site=True)

    return Builtin(f"operator.{kind}getter", make, wants_site=True)


_TABLE: dict[str, Callable[..., Any]] = {
    "collections.namedtuple": _namedtuple,
    "dataclasses.asdict": _as_dict,
    "dataclasses.replace": _replace,
    "dataclasses.fields": _fields,
    "itertools.groupby": _group_by,
}
KNOWN: dict[str, Any] = {
    **{name: Builtin(name, function, wants_site=True) for name, function in _TABLE.items()},
    "operator.itemgetter": _getter("item"),
    "operator.attrgetter": _getter("attr"),
}
