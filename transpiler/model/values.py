"""Values of DAG-building code: plain Python data, or one of the marks below where data is not known.

Plain data is `None`, `bool`, `int`, `float`, `str`, `bytes`, `list`, `tuple`, `dict`, `set`, `datetime`, `date`,
`timedelta`, `relativedelta` and `PurePath`, nested at will.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta, tzinfo
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import libcst as cst

from transpiler.model.span import Span

if TYPE_CHECKING:
    from transpiler.model.dag import SourceExpression

DAG_PARAM = "airflow.models.param.DagParam"
"""What a parameter of a `@dag` function is, as the `func` of a Call mark."""

Value: TypeAlias = Any
"""Plain data or a mark; which one is asked with `is_known`."""


@dataclass(frozen=True, slots=True)
class Symbolic:
    """A value that only a run of the file could tell: its source text and why it is not known."""

    code: str
    reason: str
    span: Span | None = None
    parts: tuple[Value, ...] = field(default=(), repr=False)
    """Of a text made of known texts and of values that are not known: those, in order."""
    source: SourceExpression | None = field(default=None, compare=False, repr=False)
    """The expression in the scope where it stands, which may be another than where it is used."""


@dataclass(frozen=True, slots=True)
class Ref:
    """Something imported from outside the project, by the name it was imported from (`airflow.models.Variable`)."""

    qualified_name: str


@dataclass(frozen=True, slots=True)
class Call:
    """A call of something outside the project: `Secret("env", …)`, `Variable.get("x")`, `Param(3)`."""

    func: str
    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]
    code: str
    span: Span

    def __hash__(self) -> int:
        """Calls may be keys of dictionaries in DAG code, although their arguments are no hashable values."""
        return hash((self.func, self.code, self.span))


@dataclass(frozen=True, eq=False, slots=True)
class FunctionRef:
    """A function of the project: a callable, a callback, a lambda.

    `module` is its file relative to the project root.
    """

    name: str
    module: str
    node: cst.FunctionDef | cst.Lambda
    span: Span
    closure: Mapping[str, Value] = field(default_factory=dict)
    """Names of enclosing functions that the body reads, with their values."""
    defaults: Mapping[str, Value] = field(default_factory=dict)
    """Values of the parameters' defaults that are names of an enclosing loop or function."""
    gives_mapping: bool = False
    """Whether the return annotation names a class of the project that is a mapping (`TypedDict`)."""
    task_decorators: int = 0
    """How many of its decorators, from the top, make a task of it: they are no part of its code."""
    owner: Call | None = None
    """The making of the object whose method it is, where that object is still as it was made."""


@dataclass(frozen=True, eq=False, slots=True)
class PartialRef:
    """`functools.partial(function, *args, **kwargs)` over a project function or an outside name."""

    func: Value
    args: tuple[Value, ...]
    kwargs: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class TaskRef:
    """A task used as a value (`task_id` with its group prefix)."""

    task_id: str


@dataclass(frozen=True, slots=True)
class TaskOutput:
    """What a task returns or pushes: `task.output`, the call of a `@task` function, `result["key"]`."""

    task_id: str
    key: str = "return_value"


@dataclass(frozen=True, slots=True)
class MappedOutput:
    """`output.map(function)`, as a value that a task is mapped over: each element through the function."""

    source: Value
    function: Value = field(hash=False)


@dataclass(frozen=True, slots=True)
class JoinedOutputs:
    """`output.zip(…)` (tuples, up to the shortest, or filled up) and `output.concat(…)` (one after the other)."""

    kind: Literal["zip", "concat"]
    sources: tuple[Value, ...]
    fillvalue: Value = field(default=None, hash=False)
    filled: bool = False
    """Whether `zip` was given a fillvalue."""


@dataclass(frozen=True, slots=True)
class GroupParameter:
    """One element of what a mapped task group runs over, as a value inside the group."""

    group_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Each:
    """One element of a value, as an argument of a task that is mapped over the value."""

    value: Value


SCALARS = (
    type(None),
    bool,
    int,
    float,
    complex,
    str,
    bytes,
    date,
    time,
    timedelta,
    tzinfo,
    PurePath,
)
"""Types of plain data that holds no other value."""


def is_known(value: Value) -> bool:
    """Whether the value is plain data all the way down. Shared and circular parts are looked at once."""
    return next(_unknown(value), None) is None


def marks(value: Value) -> list[Value]:
    """Every mark inside the value, and inside the arguments of calls and what task outputs are made of."""
    found: list[Value] = []
    for mark in _unknown(value):
        found.append(mark)
        found.extend(marks(_parts(mark)))
    return found


def is_result(value: Value) -> bool:
    """Whether the value is what tasks give and nothing else, or a parameter of a mapped group."""
    return isinstance(value, (TaskOutput, MappedOutput, JoinedOutputs, GroupParameter))


def outer_marks(value: Value) -> list[Value]:
    """Every mark inside the value, not those inside of marks."""
    return [*_unknown(value)]


def results_in(value: Value) -> list[Value]:
    """The results inside a value, each once, in order; not what they are made of in turn."""
    return list(dict.fromkeys(mark for mark in _unknown(value) if is_result(mark)))


def _parts(mark: Value) -> list[Value]:
    if isinstance(mark, Call):
        return [*mark.args, *mark.kwargs.values()]
    if isinstance(mark, Symbolic):
        return [*mark.parts]
    if isinstance(mark, MappedOutput):
        return [mark.source]
    if isinstance(mark, Each):
        return [mark.value]
    return [*mark.sources] if isinstance(mark, JoinedOutputs) else []


def _unknown(value: Value) -> Iterator[Value]:
    stack, seen = [value], set()
    while stack:
        item = stack.pop()
        if isinstance(item, SCALARS) or type(item).__name__ == "relativedelta":
            continue
        if isinstance(item, (dict, list, tuple, set, frozenset)):
            if id(item) not in seen:
                seen.add(id(item))
                stack.extend(
                    reversed([*item, *item.values()] if isinstance(item, dict) else [*item])
                )
        else:
            yield item
