"""Python's builtins, as far as they are pure, as a closed table."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Any

import libcst as cst

from transpiler.evaluate import access, classes_of_values, operations, ordering
from transpiler.evaluate.builders import XCom
from transpiler.evaluate.changes import holds_unknown_items
from transpiler.evaluate.comprehensions import iterate, may_be_equal
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.files import open_file
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.iterators import asked, made, structure
from transpiler.evaluate.numbers_and_text import (
    PURE,
    add_up,
    format_value,
    make_bool,
    make_bytes,
    make_range,
)
from transpiler.evaluate.objects import Builtin, Instance
from transpiler.evaluate.stdlib import pure
from transpiler.evaluate.truth import OneShot, is_plain, truth
from transpiler.model.values import Ref


def _items(site: CallSite, value: Any) -> list[Any] | None:
    return iterate(site.ip, value, site.node, site.frame)


def _listlike(kind: Callable[[Any], Any], name: str) -> Builtin:
    def call(site: CallSite, value: Any = ()) -> Any:
        items = _items(site, value)
        if items is None:
            return site.symbolic("the items are not known")
        if kind in (set, frozenset) and may_be_equal(items):
            return site.symbolic("objects of the project may be equal to each other")
        return operations.attempt(lambda: kind(items), site.node)

    return Builtin(name, call, wants_site=True)


def _dict(site: CallSite, source: Any = (), **kwargs: Any) -> Any:
    if isinstance(source, dict):
        return {**source, **kwargs}
    items = _items(site, source)
    if items is None:
        return site.symbolic("the items are not known")
    return {**operations.attempt(lambda: dict(items), site.node), **kwargs}


def _zip(site: CallSite, *values: Any, strict: bool = False) -> Any:
    distinct = {id(value): value for value in values}
    lists = {key: _items(site, value) for key, value in distinct.items()}
    if None in lists.values():
        return site.symbolic("the items are not known")
    # An iterator that is given twice takes turns with itself.
    once = {key: iter(items or ()) for key, items in lists.items()}
    rows = [once[id(v)] if isinstance(v, OneShot) else lists[id(v)] or () for v in values]
    return operations.attempt(lambda: OneShot(zip(*rows, strict=strict)), site.node)


def _enumerate(site: CallSite, value: Any, start: int = 0) -> Any:
    items = _items(site, value)
    if items is None:
        return site.symbolic("the items are not known")
    return OneShot(enumerate(items, start))


def _reversed(site: CallSite, value: Any) -> Any:
    items = _items(site, value)
    return site.symbolic("the items are not known") if items is None else OneShot(items[::-1])


def _map(site: CallSite, function: Any, *values: Any) -> Any:
    from transpiler.evaluate.invoke import call_value

    rows = _zip(site, *values)
    if not isinstance(rows, list):
        return rows
    before = structure(site.ip)
    found = [call_value(site.ip, function, row, {}, site) for row in rows]
    return made(site.ip, found, before, site.node, site.frame)


def _filter(site: CallSite, function: Any, value: Any) -> Any:
    from transpiler.evaluate.invoke import call_value

    items = _items(site, value)
    if items is None:
        return site.symbolic("the items are not known")
    kept = [i if function is None else call_value(site.ip, function, (i,), {}, site) for i in items]
    if None in [truth(k) for k in kept]:
        return site.symbolic("a condition is not known")
    return OneShot(item for item, keep in zip(items, kept, strict=True) if truth(keep))


def _reduce(site: CallSite, function: Any, value: Any, *initial: Any) -> Any:
    from transpiler.evaluate.invoke import call_value

    items = _items(site, value)
    if items is None:
        return site.symbolic("the items are not known")
    items = [*initial, *items]
    if not items:
        raise DagCodeError(
            "TypeError", "reduce() of empty iterable with no initial value", site.node
        )
    result = items[0]
    for item in items[1:]:
        result = call_value(site.ip, function, (result, item), {}, site)
    return result


def _any_all(name: str) -> Builtin:
    def call(site: CallSite, value: Any) -> Any:
        items = _items(site, value)
        known = [truth(item) for item in items] if items is not None else [None]
        if None in known:
            return site.symbolic("a condition is not known")
        return any(known) if name == "any" else all(known)

    return Builtin(name, call, wants_site=True)


def _len(site: CallSite, value: Any) -> Any:
    if isinstance(value, (str, bytes, range)):
        return len(value)
    if isinstance(value, OneShot):
        raise DagCodeError("TypeError", "an iterator has no len()", site.node)
    items = _items(site, value)
    return site.symbolic("the length is not known") if items is None else len(items)


def _getattr(site: CallSite, value: Any, name: Any, *default: Any) -> Any:
    if not isinstance(name, str):
        return site.symbolic("the attribute is not known")
    try:
        return access.attribute(site.ip, value, name, site.node, site.frame)  # type: ignore[arg-type]
    except DagCodeError as error:
        if default and error.kind == "AttributeError":
            return default[0]
        raise


def _hasattr(site: CallSite, value: Any, name: Any) -> Any:
    try:
        access.attribute(site.ip, value, name, site.node, site.frame)  # type: ignore[arg-type]
    except DagCodeError:
        return False
    return True


def _setattr(site: CallSite, value: Any, name: Any, new: Any) -> Any:
    from transpiler.evaluate.targets import set_instance_attribute

    if isinstance(value, Instance) and isinstance(name, str):
        node: cst.BaseExpression = site.node  # type: ignore[assignment]
        set_instance_attribute(site.ip, value, name, new, node, site.frame)
    return None


def _str(site: CallSite, value: Any = "") -> Any:
    if isinstance(value, Instance):
        try:
            method = value.cls.lookup("__str__")
        except KeyError:
            shown = value.attributes.get("value") if value.cls.is_enum else None
            return shown if isinstance(shown, str) else site.symbolic("the text is not known")
        from transpiler.evaluate.invoke import call_value

        return call_value(site.ip, method, (value,), {}, site)
    if isinstance(value, XCom):
        return value.template()
    if not is_plain(value):
        return site.symbolic("the value is not known")
    return operations.attempt(lambda: str(value), site.node)


def _super(site: CallSite, *args: Any) -> Any:
    from transpiler.evaluate.objects import SuperProxy

    frame: Frame | None = site.frame
    while frame is not None and frame.receiver is None:
        frame = frame.parent
    if frame is None:
        raise DagCodeError("RuntimeError", "super(): no arguments", site.node)
    return SuperProxy(frame.receiver, frame.owner)


def _globals(site: CallSite) -> Any:
    frame = site.frame
    while frame.parent is not None:
        frame = frame.parent
    return access.NamespaceDict(frame)


def _type(site: CallSite, value: Any, *rest: Any) -> Any:
    if isinstance(value, Instance) and not rest:
        return value.cls
    if is_plain(value) and not rest:
        return Ref(type(value).__name__)
    return site.symbolic("types are not evaluated")


def _next(site: CallSite, value: Any, *default: Any) -> Any:
    """`next(…)`: a list can only stand for an iterator here, which gives each item once."""
    items = list(value) if isinstance(value, OneShot) else _items(site, value)
    if items is None or holds_unknown_items(items):
        return site.symbolic("the items are not known")
    if not items and not default:
        raise DagCodeError("StopIteration", "", site.node)
    if not items:
        return default[0]
    if isinstance(value, list):
        site.ip.mutate(value)
        if isinstance(value, OneShot):
            asked(site.ip, value)
        return value.pop(0)
    return items[0]


def _iter(site: CallSite, value: Any) -> Any:
    if isinstance(value, OneShot):
        return value
    items = _items(site, value)
    return site.symbolic("the items are not known") if items is None else OneShot(items)


_SITE: dict[str, Callable[..., Any]] = {
    "dict": _dict, "zip": _zip, "enumerate": _enumerate, "reversed": _reversed, "sorted": ordering.sort, "map": _map,
    "filter": _filter, "len": _len, "isinstance": classes_of_values.is_instance, "getattr": _getattr,
    "hasattr": _hasattr, "setattr": _setattr, "str": _str, "super": _super, "globals": _globals, "open": open_file,
    "type": _type, "next": _next, "iter": _iter,
    "range": make_range, "sum": add_up, "bool": make_bool, "format": format_value,
    "bytes": make_bytes, "max": ordering.extreme(max), "min": ordering.extreme(min),
}  # fmt: skip

_EXCEPTIONS = [
    *(n for n, v in vars(builtins).items() if isinstance(v, type) and issubclass(v, BaseException)),
    "NotImplemented",
]
_NAMES = "object property staticmethod classmethod exec eval compile __import__".split()
_NOT_EVALUATED = """
    bytearray delattr dir hash id input issubclass memoryview print vars
""".split()


def _not_evaluated(site: CallSite, *args: Any, **kwargs: Any) -> Any:
    return site.symbolic("it is not evaluated")


BUILTINS: dict[str, Any] = {
    "True": True,
    "False": False,
    "None": None,
    "__debug__": True,
    **{name: Builtin(name, function, wants_site=True) for name, function in _SITE.items()},
    **{name: pure(name, function) for name, function in PURE.items() if name not in _SITE},
    **{name: Ref(name) for name in (*_EXCEPTIONS, *_NAMES)},
    **{name: Builtin(name, _not_evaluated, wants_site=True) for name in _NOT_EVALUATED},
    "callable": Builtin("callable", lambda value: not is_plain(value)),
    "list": _listlike(list, "list"),
    "tuple": _listlike(tuple, "tuple"),
    "set": _listlike(set, "set"),
    "frozenset": _listlike(frozenset, "frozenset"),
    "any": _any_all("any"),
    "all": _any_all("all"),
    "locals": Builtin("locals", lambda site: access.NamespaceDict(site.frame), wants_site=True),
}
REDUCE = Builtin("functools.reduce", _reduce, wants_site=True)
