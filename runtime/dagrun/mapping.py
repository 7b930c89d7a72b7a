"""Dynamic task mapping: over what a task is expanded, and what each instance gets of it.

Source: `airflow.models.expandinput`.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from runtime.dagrun.handles import Length, Reference, Results, references, resolved
from runtime.exceptions import DagDefinitionError, XComError


@dataclass(frozen=True)
class Each:
    """An argument whose items are spread over the instances of a mapped task."""

    values: Reference | Sequence[Any] | Mapping[Any, Any]


def each(values: Reference | Sequence[Any] | Mapping[Any, Any]) -> Each:
    """Spread a list, the pairs of a dict, or a task's result over the instances of a mapped task.

    Raises `DagDefinitionError` for text and for what has no length.
    """
    check = getattr(values, "items_only", None)
    if check is not None:
        check()
    if isinstance(values, str) or not isinstance(values, (Reference, Sequence, Mapping)):
        raise DagDefinitionError(
            f"Cannot map over {values!r}: it must be a list, a dict or a task's result."
        )
    return Each(values)


class Expansion(ABC):
    """What a task, or a group of tasks, is expanded over."""

    @abstractmethod
    def references(self) -> Iterator[Reference]:
        """Give the references whose values it takes."""

    @abstractmethod
    def length(self, length: Length) -> int | None:
        """Give the number of instances, or `None` as long as it is not known."""

    @abstractmethod
    def arguments(self, index: int, results: Results, length: Length) -> Mapping[str, Any]:
        """Give the arguments of one instance."""

    @abstractmethod
    def mapped_tasks(self) -> set[str]:
        """Give the tasks whose results decide how many instances there are."""


@dataclass(frozen=True)
class CrossProduct(Expansion):
    """`expand(x=…, y=…)`: every combination of the items; the last argument varies fastest."""

    values: Mapping[str, Reference | Sequence[Any] | Mapping[Any, Any]]

    def references(self) -> Iterator[Reference]:
        """Give the arguments that are references, and the references within literals."""
        return references(dict(self.values))

    def mapped_tasks(self) -> set[str]:
        """Give the tasks of the arguments that are references; literals have a length already."""
        arguments = [value for value in self.values.values() if isinstance(value, Reference)]
        return {task for reference in arguments for task in reference.task_ids()}

    def length(self, length: Length) -> int | None:
        """Multiply the lengths."""
        lengths = self._lengths(length)
        return None if None in lengths else math.prod(n for n in lengths if n is not None)

    def arguments(self, index: int, results: Results, length: Length) -> Mapping[str, Any]:
        """Give the combination of this index."""
        taken: dict[str, Any] = {}
        for key, size in reversed(list(zip(self.values, self._lengths(length), strict=True))):
            index, position = divmod(index, size or 1)
            taken[key] = _item(self.values[key], position, key, results)
        return {key: taken[key] for key in self.values}

    def _lengths(self, length: Length) -> list[int | None]:
        return [_length(value, length) for value in self.values.values()]


@dataclass(frozen=True)
class Records(Expansion):
    """`expand_kwargs(…)`: one instance for each dict of arguments."""

    values: Reference | Sequence[Any]

    def references(self) -> Iterator[Reference]:
        """Give the reference to the list, or those within a literal list."""
        return references(list(self.values) if isinstance(self.values, Sequence) else self.values)

    def mapped_tasks(self) -> set[str]:
        """Give the tasks of the reference; a literal list decides its length by itself."""
        return set(self.values.task_ids()) if isinstance(self.values, Reference) else set()

    def length(self, length: Length) -> int | None:
        """Give the number of dicts."""
        return _length(self.values, length)

    def arguments(self, index: int, results: Results, length: Length) -> Mapping[str, Any]:
        """Give the dict of this index; raises `XComError` for anything else in its place."""
        if isinstance(self.values, Reference):
            values = self.values.resolve(results)
            if not isinstance(values, Sequence):
                raise XComError(f"expand_kwargs() needs a list of dicts, not {_kind(values)}.")
            record = values[index]
        else:
            record = resolved(self.values[index], results)
        if not isinstance(record, Mapping):
            raise XComError(f"expand_kwargs() needs a list of dicts, not of {_kind(record)}.")
        wrong = [key for key in record if not isinstance(key, str)]
        if wrong:
            raise XComError(f"expand_kwargs() needs text keys, not {wrong[0]!r}.")
        return record


def _length(value: Any, length: Length) -> int | None:
    """Give the length of a literal, or that which a reference will have."""
    return value.length(length) if isinstance(value, Reference) else len(value)


def _item(value: Any, position: int, key: str, results: Results) -> Any:
    if isinstance(value, Reference):
        value = value.resolve(results)
    if isinstance(value, Sequence):
        return resolved(value[position], results)
    if isinstance(value, Mapping):
        return resolved(next(islice(value.items(), position, None)), results)
    raise XComError(f"The argument {key!r} cannot be mapped over: it is {_kind(value)}.")


def _kind(value: Any) -> str:
    return "None" if value is None else type(value).__name__
