"""Methods and attributes of plain data: a closed table."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, tzinfo
from pathlib import PurePath
from typing import Any

import libcst as cst

from transpiler.evaluate import operations, paths, pendulum_methods
from transpiler.evaluate.changes import UnknownItems
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.iterators import take_all
from transpiler.evaluate.numbers_and_text import safe_codec
from transpiler.evaluate.objects import Builtin
from transpiler.evaluate.truth import OneShot, is_plain, is_unknown
from transpiler.evaluate.versions import Version

_PURE: dict[type, frozenset[str]] = {
    str: frozenset(
        "capitalize casefold count encode endswith find index isalnum isalpha "
        "isascii isdecimal isdigit isidentifier "
        "islower isnumeric isspace istitle isupper join lower lstrip partition "
        "removeprefix removesuffix rfind rindex "
        "rpartition rsplit rstrip split splitlines startswith strip swapcase title upper".split()
    ),
    bytes: frozenset("decode hex startswith endswith strip split join lower upper".split()),
    dict: frozenset("copy get items keys values".split()),
    list: frozenset("copy count index".split()),
    tuple: frozenset("count index".split()),
    set: frozenset(
        "copy difference intersection isdisjoint issubset issuperset "
        "symmetric_difference union".split()
    ),
    frozenset: frozenset("difference intersection issubset issuperset union".split()),
    datetime: frozenset(
        "date time timetz replace isoformat strftime timestamp timetuple weekday "
        "isoweekday astimezone utcoffset ctime".split()
    ),
    date: frozenset(
        "replace isoformat strftime weekday isoweekday timetuple ctime toordinal".split()
    ),
    time: frozenset("isoformat strftime replace".split()),
    timedelta: frozenset({"total_seconds"}),
    int: frozenset({"bit_length", "conjugate"}),
    float: frozenset({"is_integer", "conjugate"}),
    PurePath: frozenset(
        "as_posix is_absolute joinpath match relative_to with_name with_suffix "
        "with_stem is_relative_to __str__".split()
    ),
}
_MUTATORS: dict[type, frozenset[str]] = {
    list: frozenset("append extend insert pop remove clear sort reverse".split()),
    dict: frozenset("update setdefault pop popitem clear".split()),
    set: frozenset("add update discard remove clear pop".split()),
}
_FIELDS: dict[type, frozenset[str]] = {
    datetime: frozenset("year month day hour minute second microsecond tzinfo".split()),
    date: frozenset("year month day".split()),
    time: frozenset("hour minute second microsecond tzinfo".split()),
    timedelta: frozenset("days seconds microseconds".split()),
    PurePath: frozenset("name stem suffix suffixes parent parents parts".split()),
    int: frozenset("real imag numerator denominator".split()),
    range: frozenset("start stop step".split()),
    Version: frozenset("major minor micro release base_version".split()),
}


def attribute(
    ip: Interpreter, value: Any, name: str, node: cst.BaseExpression, frame: Frame
) -> Any:
    """`value.name` of plain data. Raises AttributeError as Python does."""
    kind = _kind(value)
    if name in _FIELDS.get(kind, ()):
        found = getattr(value, name)
        return list(found) if name == "parents" else found
    if name in _MUTATORS.get(kind, ()):
        return Builtin(
            name, lambda site, *a, **k: _mutate(site, value, name, a, k), wants_site=True
        )
    if kind is str and name in _GUARDED:
        return Builtin(name, lambda *a, **k: _GUARDED[name](ip, value, *a, **k))
    if kind is datetime and name in pendulum_methods.METHODS:
        return _bound(name, pendulum_methods.METHODS[name], value)
    if kind is datetime and name in pendulum_methods.FIELDS:
        return pendulum_methods.FIELDS[name](value)
    if isinstance(value, tzinfo) and (member := pendulum_methods.zone_member(value, name)):
        return member
    if kind is PurePath and name == "path":  # of an entry of os.scandir
        return str(value)
    if kind is PurePath and name in paths.METHODS:
        return _bound(name, paths.METHODS[name], value)
    if kind is PurePath and name in paths.CHANGES:
        return paths.change(value, name)
    if name in _PURE.get(kind, ()):
        return Builtin(name, lambda site, *a, **k: _call(site, value, name, a, k), wants_site=True)
    if hasattr(value, name) or _of_a_run(value, name):
        return ip.symbolic(node, frame, f"{kind.__name__}.{name} is not evaluated")
    text = f"'{type(value).__name__}' object has no attribute '{name}'"
    raise DagCodeError("AttributeError", text, node)


def _bound(name: str, method: Callable[..., Any], value: Any) -> Builtin:
    """A method of the tables; arguments that it does not take make the result unknown."""

    def call(site: CallSite, *args: Any, **kwargs: Any) -> Any:
        try:
            inspect.signature(method).bind(site, value, *args, **kwargs)
        except TypeError:
            return site.symbolic("it is called with arguments that are not evaluated")
        return method(site, value, *args, **kwargs)

    return Builtin(name, call, wants_site=True)


def _of_a_run(value: Any, name: str) -> bool:
    """Whether the object that the value stands for (a Path, a DateTime of pendulum) has it."""
    return pendulum_methods.has(value, name) or (
        isinstance(value, PurePath) and paths.of_a_run(name)
    )


def _kind(value: Any) -> type:
    for kind in (bool, datetime, PurePath, dict):
        if isinstance(value, kind):
            return int if kind is bool else kind
    return type(value)


def _call(
    site: CallSite, value: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    if isinstance(value, dict) or (isinstance(value, (list, tuple)) and name == "copy"):
        found = operations.attempt(lambda: getattr(value, name)(*args, **kwargs), site.node)
        return list(found) if name in ("items", "keys", "values") else found
    if not all(is_plain(item) for item in (*args, *kwargs.values())) or not is_plain(value):
        return site.symbolic("an argument is not known")
    if name in ("encode", "decode") and not safe_codec(args):
        return site.symbolic("the encoding is not evaluated")
    if name == "join" and args and isinstance(args[0], OneShot):
        args = (take_all(site.ip, args[0]),)
    if name == "join" and args:
        if isinstance(args[0], (set, frozenset)):
            args = (sorted(args[0], key=repr),)
        site.ip.budget.size(
            sum(len(part) + len(value) for part in args[0] if isinstance(part, (str, bytes)))
        )
    return operations.attempt(lambda: getattr(value, name)(*args, **kwargs), site.node)


def _mutate(
    site: CallSite, value: Any, name: str, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    args = tuple(take_all(site.ip, one) if isinstance(one, OneShot) else one for one in args)
    ip = site.ip
    ip.budget.fits(len(value) + 1)
    for item in args:
        ip.budget.weight(item)
        if name in ("extend", "update") and hasattr(item, "__len__"):
            ip.budget.fits(len(value) + len(item))
    ip.mutate(value)
    if name in _ADDING and any(is_unknown(item) for item in args):
        return _add_unknown(ip, value, name, kwargs)
    if name == "sort":
        return _sort(site, value, kwargs.get("key"), kwargs.get("reverse", False))
    return operations.attempt(lambda: getattr(value, name)(*args, **kwargs), site.node)


def _sort(site: CallSite, value: list[Any], key: Any, reverse: Any) -> None:
    from transpiler.evaluate.ordering import sorted_by

    ordered = sorted_by(site, list(value), key, reverse)
    if isinstance(ordered, list):
        value[:] = ordered
    else:
        site.ip.unsure = True
        value.append(UnknownItems(ordered.code, ordered.reason, ordered.span))


_ADDING = frozenset({"extend", "update"})


def _add_unknown(ip: Interpreter, value: Any, name: str, more: dict[str, Any]) -> None:
    """`list.extend`, `set.update` or `dict.update` with what is not known: any number of items."""
    rest = UnknownItems("…", f"{name} adds a value that is not known")
    ip.unsure = True
    if isinstance(value, dict):
        value.update(more)
        value[rest] = rest
    elif isinstance(value, list):
        value.append(rest)
    else:
        value.add(rest)


def _replace(ip: Interpreter, text: str, old: Any, new: Any, count: int = -1) -> Any:
    if isinstance(old, str) and isinstance(new, str):
        ip.budget.size(len(text) + text.count(old) * len(new), "a string")
    return operations.attempt(lambda: text.replace(old, new, count))


def _format(ip: Interpreter, text: str, *args: Any, **kwargs: Any) -> Any:
    from transpiler.model.values import Symbolic

    if not all(is_plain(item) for item in (*args, *kwargs.values())):
        return Symbolic(repr(text) + ".format(…)", "an argument is not known")
    operations.guard_format("{", text, ip.budget, *args, *kwargs.values())
    if "." in text and "__" in text:
        return Symbolic(repr(text) + ".format(…)", "the format string reads attributes")
    return operations.attempt(lambda: text.format(*args, **kwargs))


def _pad(name: str) -> Any:
    def pad(ip: Interpreter, text: str, width: Any, *fill: Any) -> Any:
        if isinstance(width, int):
            ip.budget.size(width, "a string")
        return operations.attempt(lambda: getattr(text, name)(width, *fill))

    return pad


def _expandtabs(ip: Interpreter, text: str, size: int = 8) -> Any:
    ip.budget.size(len(text) + text.count("\t") * max(size, 0), "a string")
    return text.expandtabs(size)


_GUARDED: dict[str, Any] = {
    "replace": _replace,
    "format": _format,
    "format_map": lambda ip, text, mapping: _format(ip, text, **mapping),
    "expandtabs": _expandtabs,
    **{name: _pad(name) for name in ("ljust", "rjust", "center", "zfill")},
}
