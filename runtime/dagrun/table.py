"""The task instances of a run and their states."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Protocol

from runtime.dagrun.graph import Graph
from runtime.dagrun.handles import MISSING, RETURN_VALUE
from runtime.dagrun.states import FINISHED, SUCCESS

UNMAPPED = -1


class Instance(NamedTuple):
    """A task, or one instance of a mapped task; `map_index` is -1 for what is not expanded."""

    task: str
    map_index: int = UNMAPPED

    @property
    def label(self) -> str:
        """Give the name under which the instance runs and is reported: `task` or `task[2]`."""
        return self.task if self.map_index < 0 else f"{self.task}[{self.map_index}]"


class Values(Protocol):
    """Gives what finished instances returned or pushed."""

    def value(self, instance: Instance, key: str) -> Any:
        """Give the value of a key, or `MISSING`; a returned `None` is missing, as in Airflow."""

    def returned(self, instance: Instance) -> bool:
        """Tell whether the instance returned anything but `None`."""


class Table:
    """All instances with their states; `None` is the state of those not yet scheduled.

    Tasks that are mapped over literals are expanded from the start. One that is mapped over
    results has one instance, with the index -1, until it is expanded.
    """

    def __init__(self, graph: Graph, values: Values) -> None:
        """Make the first instances."""
        self.graph = graph
        self._values = values
        self._counts: dict[str, int] = {}
        self._levels: dict[Instance, int] = {}
        self.states: dict[str, dict[int, str | None]] = {}
        for id in graph.notes:
            count = self.count(id) if graph.expansions(id) else None
            self.states[id] = dict.fromkeys(range(count) if count else (UNMAPPED,))

    def __iter__(self) -> Iterator[Instance]:
        """Give all instances, tasks in the order in which they were noted."""
        return (Instance(id, index) for id, states in self.states.items() for index in states)

    def state(self, instance: Instance) -> str | None:
        """Give the state of an instance."""
        return self.states[instance.task][instance.map_index]

    def set(self, instance: Instance, state: str | None, level: int | None = None) -> None:
        """Set the state of an instance, and in which round it was decided or scheduled."""
        self.states[instance.task][instance.map_index] = state
        if level is not None:
            self._levels[instance] = level

    def level(self, instance: Instance) -> int:
        """Give the round in which an instance was, or will be, decided or scheduled.

        A scheduler that runs tasks one round after the other, as Airflow's `dag.test()` does,
        schedules in each round what the one before has made possible.
        """
        return self._levels.get(instance, self.graph.depth[instance.task])

    def instances(self, task: str) -> list[Instance]:
        """Give the instances of a task."""
        return [Instance(task, index) for index in self.states[task]]

    def unfinished(self) -> list[Instance]:
        """Give the instances without a final state."""
        return [instance for instance in self if self.state(instance) not in FINISHED]

    def labelled(self) -> Mapping[str, str | None]:
        """Give the states by label."""
        return {instance.label: self.state(instance) for instance in self}

    def count(self, task: str) -> int | None:
        """Give how many instances a mapped task has, or `None` as long as that is not known."""
        if task not in self._counts:
            lengths = [expansion.length(self.length) for expansion in self.graph.expansions(task)]
            known = [length for length in lengths if length is not None]
            if len(known) < len(lengths):
                return None
            self._counts[task] = math.prod(known)
        return self._counts[task]

    def length(self, task: str) -> int | None:
        """Give how many items a task's result has for those who map over it.

        `None` if there is none, or as long as it is not known. A mapped task has as many as its
        instances returned values. Source: `airflow.models.xcom_arg._get_task_map_length`.
        """
        if task not in self.states:
            return None
        states = self.states[task]
        if self.graph.notes[task].expansion is None:
            value: Any = self.returned(Instance(task)) if UNMAPPED in states else MISSING
            return None if value is MISSING else len(value)
        if any(state not in FINISHED for state in states.values()):
            return None
        return len(self.returned_values(task))

    def returned(self, instance: Instance, key: str = RETURN_VALUE) -> Any:
        """Give the value of an instance that succeeded, or `MISSING`."""
        return self._values.value(instance, key) if self._succeeded(instance) else MISSING

    def has_returned(self, instance: Instance) -> bool:
        """Tell whether an instance succeeded and returned anything but `None`."""
        return self._succeeded(instance) and self._values.returned(instance)

    def _succeeded(self, instance: Instance) -> bool:
        return self.states[instance.task].get(instance.map_index) == SUCCESS

    def returned_values(self, task: str, key: str = RETURN_VALUE) -> list[Any]:
        """Give the values of a mapped task's instances that have one, in the order of the map."""
        mapped = [Instance(task, index) for index in sorted(self.states[task]) if index >= 0]
        values = [self.returned(instance, key) for instance in mapped]
        return [value for value in values if value is not MISSING]

    def relevant(self, instance: Instance, upstream: str) -> int | None:
        """Give the map index of an upstream task that concerns an instance; `None` is all.

        Within a mapped group, each instance concerns its counterparts of the same index.
        Source: `airflow.models.taskinstance.TaskInstance.get_relevant_upstream_map_indexes`.
        """
        group = self.graph.notes[instance.task].group
        if group is None or self.graph.notes[upstream].group != group:
            return None
        return instance.map_index if self.count(instance.task) else None
