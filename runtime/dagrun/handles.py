"""References to results of tasks that have not run yet, as Airflow's `XComArg`.

Nothing is loaded while a pipeline is noted. When a task instance starts, its references are
resolved against `Results`, which knows what the instance may see of each task.
Source: `airflow.models.xcom_arg`.
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from runtime.exceptions import DagDefinitionError, XComError

RETURN_VALUE: Final = "return_value"


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


# Gives how many items a task's result has, or `None` as long as that is not known.
Length = Callable[[str], "int | None"]


class Results(Protocol):
    """What one task instance sees of the results of other tasks."""

    def value(self, task_id: str, key: str) -> Any:
        """Give the value of a task's key, or `MISSING`; of a mapped task, the list of values."""

    def item(self, group: str, key: str) -> Any:
        """Give the argument of a mapped group that the instance has."""


class Reference(ABC):
    """Anything that stands for a value that tasks give."""

    @abstractmethod
    def task_ids(self) -> Iterator[str]:
        """Give the tasks whose results are needed."""

    @abstractmethod
    def resolve(self, results: Results) -> Any:
        """Give the value."""

    @abstractmethod
    def length(self, length: Length) -> int | None:
        """Give the number of items, or `None` as long as it is not known."""

    def map(self, function: Callable[[Any], Any]) -> MappedValues:
        """Apply a function to each item when it is used, as `XComArg.map`."""
        return MappedValues(self, (function,))

    def zip(self, *others: Reference, fillvalue: Any = MISSING) -> ZippedValues:
        """Pair the items with those of others, as `XComArg.zip`."""
        return ZippedValues((self, *others), fillvalue)

    def concat(self, *others: Reference) -> JoinedValues:
        """Append the items of others, as `XComArg.concat`."""
        return JoinedValues((self, *others))

    def __iter__(self) -> Iterator[Any]:
        """Refuse: the items are known only when the task has run."""
        raise TypeError(
            f"{self!r} cannot be iterated while the pipeline is noted: its value is known only "
            "when the task has run. Use `dag.map(..., x=each(handle))`."
        )


@dataclass(frozen=True, eq=False)
class TaskHandle(Reference):
    """The result of a task, or with `handle["key"]` the value of one of its keys."""

    id: str
    key: str = RETURN_VALUE

    def __getitem__(self, key: str) -> TaskHandle:
        """Give the value of a key: of a returned `dict`, or pushed by the task."""
        if not isinstance(key, str):
            raise DagDefinitionError(
                f"A task's result is looked into by text keys only, not by {key!r}."
            )
        return TaskHandle(self.id, key)

    def task_ids(self) -> Iterator[str]:
        """Give the task."""
        yield self.id

    def resolve(self, results: Results) -> Any:
        """Give the value; `None` if the task returned nothing, was skipped or failed."""
        value = results.value(self.id, self.key)
        return None if value is MISSING else value

    def length(self, length: Length) -> int | None:
        """Give the length of the task's result."""
        return length(self.id)

    def items_only(self) -> TaskHandle:
        """Check that the handle may be mapped over: in Airflow, only a whole result may be."""
        if self.key != RETURN_VALUE:
            raise DagDefinitionError(
                f"Cannot map over the key {self.key!r} of task {self.id!r}: Airflow maps over "
                "whole results only."
            )
        return self

    def map(self, function: Callable[[Any], Any]) -> MappedValues:
        """Apply a function to each item when it is used, as `XComArg.map`."""
        return MappedValues(self.items_only(), (function,))


@dataclass(frozen=True, eq=False)
class GroupItem(Reference):
    """An argument of a mapped group, of which each instance of the group has another value."""

    group: str
    key: str
    sources: tuple[str, ...] = ()

    def task_ids(self) -> Iterator[str]:
        """Give the tasks that the group is mapped over."""
        return iter(self.sources)

    def resolve(self, results: Results) -> Any:
        """Give the value of the instance."""
        return results.item(self.group, self.key)

    def length(self, length: Length) -> int | None:
        """Give no length: Airflow, too, does not map within a mapped group."""
        return None


@dataclass(frozen=True, eq=False)
class MappedValues(Reference):
    """The items of a reference, with functions applied when an item is taken."""

    source: Reference
    functions: tuple[Callable[[Any], Any], ...]

    def task_ids(self) -> Iterator[str]:
        """Give the tasks below."""
        return self.source.task_ids()

    def map(self, function: Callable[[Any], Any]) -> MappedValues:
        """Apply one more function."""
        return MappedValues(self.source, (*self.functions, function))

    def resolve(self, results: Results) -> Any:
        """Give a sequence that calls the functions when an item is taken."""
        return _Applied(_items(self.source.resolve(results), "map"), self.functions)

    def length(self, length: Length) -> int | None:
        """Give the number of items below."""
        return self.source.length(length)


@dataclass(frozen=True, eq=False)
class ZippedValues(Reference):
    """Tuples of the items of several references, as many as the shortest has, or filled up."""

    sources: tuple[Reference, ...]
    fillvalue: Any = MISSING

    def task_ids(self) -> Iterator[str]:
        """Give the tasks below."""
        for source in self.sources:
            yield from source.task_ids()

    def resolve(self, results: Results) -> Any:
        """Give a sequence of tuples."""
        values = [_items(source.resolve(results), "zip") for source in self.sources]
        return _Zipped(values, self.fillvalue)

    def length(self, length: Length) -> int | None:
        """Give the length of the shortest, or with a fill value of the longest."""
        known = _known(self.sources, length)
        if known is None:
            return None
        return min(known) if self.fillvalue is MISSING else max(known)


@dataclass(frozen=True, eq=False)
class JoinedValues(Reference):
    """The items of several references, one after the other."""

    sources: tuple[Reference, ...]

    def task_ids(self) -> Iterator[str]:
        """Give the tasks below."""
        for source in self.sources:
            yield from source.task_ids()

    def concat(self, *others: Reference) -> JoinedValues:
        """Append the items of others."""
        return JoinedValues((*self.sources, *others))

    def resolve(self, results: Results) -> Any:
        """Give one sequence."""
        values = [_items(source.resolve(results), "concat") for source in self.sources]
        return list(itertools.chain.from_iterable(values))

    def length(self, length: Length) -> int | None:
        """Add the lengths."""
        known = _known(self.sources, length)
        return None if known is None else sum(known)


class _Applied(Sequence[Any]):
    def __init__(
        self, items: Sequence[Any] | Mapping[Any, Any], functions: Sequence[Callable[[Any], Any]]
    ) -> None:
        self._items = items
        self._functions = functions

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: Any) -> Any:
        value = self._items[index]
        for function in self._functions:
            value = function(value)
        return value


class _Zipped(Sequence[Any]):
    def __init__(self, values: Sequence[Any], fillvalue: Any) -> None:
        self._values = values
        self._fillvalue = fillvalue

    def __len__(self) -> int:
        lengths = [len(value) for value in self._values]
        return min(lengths) if self._fillvalue is MISSING else max(lengths)

    def __getitem__(self, index: Any) -> Any:
        if not 0 <= index < len(self):
            raise IndexError(index)
        return tuple(self._take(value, index) for value in self._values)

    def _take(self, value: Any, index: int) -> Any:
        try:
            return value[index]
        except (IndexError, KeyError):
            return self._fillvalue


def _known(sources: Sequence[Reference], length: Length) -> list[int] | None:
    lengths = [source.length(length) for source in sources]
    known = [size for size in lengths if size is not None]
    return known if len(known) == len(lengths) else None


def _items(value: Any, use: str) -> Any:
    if not isinstance(value, (Sequence, Mapping)):
        raise XComError(
            f"{use}() needs a sequence or a dict, but the task gave {type(value).__name__}."
        )
    return value


def references(value: Any) -> Iterator[Reference]:
    """Give the references in an argument, also those within lists, tuples, sets and dicts."""
    if isinstance(value, Reference):
        yield value
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from references(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from references(item)


def resolved(value: Any, results: Results) -> Any:
    """Give an argument with its references replaced by their values."""
    if isinstance(value, Reference):
        return value.resolve(results)
    if next(references(value), None) is None:
        return value
    if isinstance(value, dict):
        return {key: resolved(item, results) for key, item in value.items()}
    return type(value)(resolved(item, results) for item in value)
