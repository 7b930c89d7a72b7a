"""What pydantic converts a value to, by the annotation of its field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

import libcst as cst

from transpiler.evaluate import operations
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Instance, UserClass

_LISTS: dict[str, Callable[[Any], Any]] = {
    "list": list, "List": list, "Sequence": list, "Iterable": list, "tuple": tuple, "Tuple": tuple,
    "set": set, "Set": set, "frozenset": frozenset,
}  # fmt: skip
_MAPPINGS = {"dict", "Dict", "Mapping", "MutableMapping"}
_TRUE, _FALSE = {"true", "1", "yes", "on", "y", "t"}, {"false", "0", "no", "off", "n", "f"}


def converted(site: CallSite, annotation: cst.BaseExpression, value: Any, owner: UserClass) -> Any:
    """The value as the annotated type has it; `owner` is the class whose body holds the annotation."""
    if isinstance(annotation, cst.SimpleString):
        text = str(annotation.evaluated_value)
        annotation = operations.attempt(lambda: cst.parse_expression(text), site.node)
    if isinstance(annotation, cst.BinaryOperation):
        return _one_of(site, [annotation.left, annotation.right], value, owner)
    if not isinstance(annotation, cst.Subscript):
        return _plain(site, annotation, value, owner)
    name = _last_name(annotation.value)
    given = [item.slice.value for item in annotation.slice if isinstance(item.slice, cst.Index)]
    if name in ("Optional", "Union"):
        return _one_of(site, given, value, owner)
    if name in ("Annotated", "Final", "Required", "NotRequired"):
        return converted(site, given[0], value, owner)
    if name in _LISTS and isinstance(value, (list, tuple, set)):
        return _LISTS[name]([converted(site, given[0], item, owner) for item in value])
    if name in _MAPPINGS and isinstance(value, dict) and len(given) == 2:
        return {
            converted(site, given[0], key, owner): converted(site, given[1], item, owner)
            for key, item in value.items()
        }
    return value


def _last_name(node: cst.BaseExpression) -> str:
    last = node.attr if isinstance(node, cst.Attribute) else node
    return last.value if isinstance(last, cst.Name) else ""


def _one_of(site: CallSite, types: list[cst.BaseExpression], value: Any, owner: UserClass) -> Any:
    """A union: the first type that makes something else of the value, or the value itself."""
    if value is None or any(_last_name(one) == type(value).__name__ for one in types):
        return value
    for one in types:
        found = converted(site, one, value, owner)
        if found is not value:
            return found
    return value


def _plain(site: CallSite, annotation: cst.BaseExpression, value: Any, owner: UserClass) -> Any:
    name = _last_name(annotation)
    if name in _NUMBERS:
        return operations.attempt(lambda: _NUMBERS[name](value), site.node)
    if name in _MOMENTS:
        try:
            return _MOMENTS[name](value)
        except ValueError:
            return site.symbolic(f"pydantic reads it as {name}")
    if owner.body is None or isinstance(value, Instance) or not name:
        return value
    from transpiler.evaluate.classes import instantiate
    from transpiler.evaluate.expressions import evaluate

    cls = evaluate(site.ip, annotation, owner.body)
    if not isinstance(cls, UserClass):
        return value
    if cls.is_enum:
        return instantiate(site.ip, cls, (value,), {}, site)
    return instantiate(site.ip, cls, (), value, site) if isinstance(value, dict) else value


def _number(kind: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: kind(value) if isinstance(value, (str, int, float)) else value


def _truth(value: Any) -> Any:
    text = str(value).lower()
    if isinstance(value, (str, int)) and text in _TRUE | _FALSE:
        return text in _TRUE
    return value


def _moment(value: Any) -> Any:
    if isinstance(value, str):
        return datetime.fromisoformat(value.replace("Z", "+00:00"))
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day)
    return value


def _day(value: Any) -> Any:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _span(value: Any) -> Any:
    """Seconds, or `[days ]HH:MM[:SS]`."""
    if isinstance(value, (int, float)):
        return timedelta(seconds=value)
    if not isinstance(value, str):
        return value
    days, _, time = value.rpartition(" ")
    hours, minutes, seconds = [*map(float, time.split(":")), 0.0][:3]
    number = float(days.partition(" ")[0]) if days else 0.0
    return timedelta(days=number, hours=hours, minutes=minutes, seconds=seconds)


_NUMBERS: dict[str, Callable[[Any], Any]] = {
    "int": _number(int),
    "float": _number(float),
    "bool": _truth,
    "Path": lambda value: PurePosixPath(value) if isinstance(value, str) else value,
}
_MOMENTS: dict[str, Callable[[Any], Any]] = {
    "datetime": _moment,
    "date": _day,
    "timedelta": _span,
}
