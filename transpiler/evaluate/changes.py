"""Changes of containers that only a run could tell: under a condition, or by a value, that is not known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from transpiler.evaluate.truth import is_plain
from transpiler.model.dag import Argument
from transpiler.model.span import Span
from transpiler.model.values import Symbolic


@dataclass(frozen=True, slots=True)
class UnknownItems(Symbolic):
    """Stands in a container for any number of further items."""


def holds_unknown_items(items: Iterable[Any]) -> bool:
    """Whether it is not known how many items there are; pairs of a dictionary count by their key."""
    return any(
        isinstance(item, UnknownItems)
        or (isinstance(item, tuple) and item and isinstance(item[0], UnknownItems))
        for item in items
    )


@dataclass(eq=False)
class Journal:
    """Containers that a piece of code changed, each with a copy of what it held before."""

    before: dict[int, tuple[Any, Any]] = field(default_factory=dict)

    def note(self, container: Any) -> None:
        """Keep a copy of the container, unless there is one."""
        if id(container) not in self.before:
            self.before[id(container)] = (container, container.copy())

    def undo(self) -> dict[int, tuple[Any, Any]]:
        """Put every container back; the containers with what they held after the code."""
        after = {}
        for key, (container, old) in self.before.items():
            after[key] = (container, container.copy())
            _fill(container, old)
        return after


def _fill(container: Any, content: Any) -> None:
    container.clear()
    if isinstance(container, list):
        container.extend(content)
    else:
        container.update(content)


def settle(container: Any, states: list[Any], reason: str, span: Span) -> None:
    """Give the container what it holds in every state, and marks for what it holds in some only."""
    unknown = Symbolic("…", reason, span)
    if isinstance(container, list):
        _fill(container, _list(states, unknown, UnknownItems("…", reason, span)))
    elif isinstance(container, dict):
        _fill(container, _dict(states, unknown, UnknownItems("…", reason, span)))
    else:
        same = all(state == states[0] for state in states)
        rest = set() if same else {UnknownItems("…", reason, span)}
        _fill(container, set.intersection(*map(set, states)) | rest)


def _list(states: list[list[Any]], unknown: Symbolic, rest: UnknownItems) -> list[Any]:
    if len({len(state) for state in states}) > 1:
        longest = max(states, key=len)
        return [*longest, rest]
    return [_one(list(items), unknown) for items in zip(*states, strict=True)]


def _dict(states: list[dict[Any, Any]], unknown: Symbolic, rest: UnknownItems) -> dict[Any, Any]:
    missing = object()
    merged: dict[Any, Any] = {}
    some_only = False
    for key in {key: None for state in states for key in state}:
        values = [state.get(key, missing) for state in states]
        some_only |= missing in values
        merged[key] = _one(values, unknown)
    if some_only and not any(isinstance(value, Argument) for value in merged.values()):
        merged[rest] = rest
    return merged


def _one(values: list[Any], unknown: Symbolic) -> Any:
    first = values[0]
    if all(v is first or (is_plain(v) and is_plain(first) and v == first) for v in values):
        return first
    argument = next((value for value in values if isinstance(value, Argument)), None)
    if argument is None:
        return unknown
    return Argument(argument.name, unknown, argument.span, argument.origin, None)
