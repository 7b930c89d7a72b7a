"""Finding what DAG files ask Airflow for, and where."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from transpiler.batch.helpers import NO_DAG
from transpiler.lower.callback_values import callback_names
from transpiler.model.dag import Argument, Dag, DagFile, SourceModule, Task
from transpiler.model.span import Span
from transpiler.model.values import Call, FunctionRef, PartialRef, Ref
from transpiler.source.positions import positions_of

Kind = Literal["connections", "images", "callbacks", "variables", "pools"]
KINDS: tuple[Kind, ...] = ("connections", "images", "callbacks", "variables", "pools")
_LOOKUPS = re.compile(
    r"\b(?P<kind>var|conn)\.(?:(?:value|json)\.)?(?:get\(\s*['\"])?(?P<name>[A-Za-z_]\w*)"
)
_CALLS: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"\b(?P<by>Variable\.get)\(\s*['\"](?P<name>[^'\"\n]+)['\"]"), "variables"),
    (re.compile(r"\b(?P<by>get_connection)\(\s*['\"](?P<name>[^'\"\n]+)['\"]"), "connections"),
    (
        re.compile(
            r"\b(?P<by>\w+Hook)\([^()]{0,200}?\b\w*conn_id\s*=\s*['\"](?P<name>[^'\"\n]+)['\"]"
        ),
        "connections",
    ),
)
_MOST_TEXT = 100_000


@dataclass
class Item:
    """One connection, image and so on, with the places that ask for it; `by` counts the operators."""

    kind: Kind
    name: str
    places: list[Span] = field(default_factory=list)
    by: Counter[str] = field(default_factory=Counter)


@dataclass
class Inventory:
    """Everything that was found, the most used first."""

    files: int = 0
    dags: int = 0
    broken: list[str] = field(default_factory=list)
    """Files that could not be read."""
    without_dag: list[str] = field(default_factory=list)
    """Files that only look like DAG files: mostly helpers."""
    ignored: dict[str, list[str]] = field(default_factory=dict)
    """What `.airflowignore` leaves out, by its path."""
    _items: dict[Kind, dict[str, Item]] = field(default_factory=lambda: defaultdict(dict))

    def of(self, kind: Kind) -> list[Item]:
        """The items of a kind."""
        return sorted(self._items[kind].values(), key=lambda item: (-len(item.places), item.name))

    def add(self, dag_file: DagFile) -> None:
        """Take in one file."""
        self.files += 1
        self.dags += len(dag_file.dags)
        if dag_file.error and not dag_file.error.startswith(NO_DAG):
            self.broken.append(dag_file.path)
        elif not dag_file.dags:
            self.without_dag.append(dag_file.path)
        found = [one for dag in dag_file.dags for one in _found(dag)]
        found += [one for module in dag_file.modules.values() for one in _in_code(module)]
        for kind, name, span, operator in found:
            item = self._items[kind].setdefault(name, Item(kind, name))
            place = (span.file, span.line)
            if place not in {(known.file, known.line) for known in item.places}:
                item.places.append(span)
                item.by[operator] += 1


Found = tuple[Kind, str, Span, str]


def _found(dag: Dag) -> Iterator[Found]:
    for argument in dag.arguments.values():
        yield from _in_argument(argument, "DAG")
    for task in dag.tasks:
        operator = task.operator_class.rpartition(".")[2]
        for argument in _arguments(task):
            yield from _in_argument(argument, operator)


def _arguments(task: Task) -> Iterable[Argument]:
    mapped = task.mapped.arguments.values() if task.mapped is not None else ()
    return (*task.arguments.values(), *task.call_arguments, *mapped)


def _in_argument(argument: Argument, operator: str) -> Iterator[Found]:
    name, value, span = argument.name, argument.value, argument.span
    if isinstance(value, str) and value:
        if name.endswith("conn_id"):
            yield "connections", value, span, operator
        elif name == "image" and "{{" not in value:
            yield "images", value, span, operator
        elif name == "pool" and value != "default_pool":
            yield "pools", value, span, operator
    if name.endswith("_callback"):
        for callback in value if isinstance(value, (list, tuple)) else [value]:
            if isinstance(callback, (FunctionRef, PartialRef, Ref, Call)):
                yield "callbacks", callback_names(callback)[0], span, name
    for text in _texts(value):
        for match in _LOOKUPS.finditer(text):
            kind: Kind = "variables" if match["kind"] == "var" else "connections"
            yield kind, match["name"], span, "template"


def _in_code(module: SourceModule) -> Iterator[Found]:
    """`Variable.get("x")` and `get_connection("x")`, also in the code of callables."""
    positions = positions_of(module.tree)
    for pattern, kind in _CALLS:
        for match in pattern.finditer(positions.text):
            line = positions.text.count("\n", 0, match.start()) + 1
            yield kind, match["name"], Span(module.path, line, 1), match["by"]


def _texts(value: Any) -> Iterator[str]:
    """Templates inside a value."""
    stack = [value]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            if "{{" in item or "{%" in item:
                yield item[:_MOST_TEXT]
        elif isinstance(item, dict):
            stack.extend(item.values())
        elif isinstance(item, (list, tuple, set)):
            stack.extend(item)
