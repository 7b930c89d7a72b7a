"""Noting tasks: the methods by which a pipeline says what it consists of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from runtime.dagrun.graph import Graph
from runtime.dagrun.handles import GroupItem, Reference, TaskHandle
from runtime.dagrun.mapping import CrossProduct, Each, Expansion, Records
from runtime.dagrun.notes import Decides, Kind, Note, Scheduling
from runtime.dagrun.shared_options import with_shared_options
from runtime.exceptions import DagDefinitionError

_SCHEDULING = frozenset(field.name for field in fields(Scheduling))


class MappedGroup:
    """A mapped group of tasks; its attributes stand for the values that each instance gets."""

    def __init__(self, id: str, expansion: CrossProduct) -> None:
        """Name the group and what it is mapped over."""
        self._id = id
        self._expansion = expansion

    def __getattr__(self, name: str) -> GroupItem:
        """Give the placeholder of an argument of the group."""
        if name.startswith("_") or name not in self._expansion.values:
            raise AttributeError(f"The group {self._id!r} is not mapped over an argument {name!r}.")
        value = self._expansion.values[name]
        sources = tuple(value.task_ids()) if isinstance(value, Reference) else ()
        return GroupItem(self._id, name, sources)


class Notebook:
    """Collects tasks, in the order in which they are noted.

    All methods take, besides the arguments of the step: `id`; `after`, the ids of the tasks to run
    after; and those of `notes.Scheduling`, which are Airflow's arguments of the same names:
    `trigger_rule`, `setup`, `teardown`, `on_failure_fail_dagrun`, `depends_on_past`,
    `wait_for_downstream`, `pool`, `pool_slots`, `priority_weight`, `weight_rule`,
    `max_active_tis_per_dagrun`; and `on_skipped`, a function that gets Airflow's context when the
    task skips itself, for steps that have no `airflow_task(on_skipped=…)` of their own. Arguments of
    the step may be, or hold, results of other tasks; those tasks are upstream as well. A step's
    parameter with one of these names is given by position.
    """

    def __init__(
        self,
        step_options: Mapping[str, Any] | None = None,
        defaults: Mapping[str, Any] | None = None,
    ) -> None:
        """Begin without tasks; both arguments are for all tasks that do not say otherwise."""
        self._step_options = dict(step_options or {})
        self._defaults = dict(defaults or {})
        self._notes: dict[str, Note] = {}
        self._groups: dict[str, Expansion] = {}
        self._group: str | None = None

    def graph(self) -> Graph:
        """Give the graph of all tasks; raises `DagDefinitionError` if it is none."""
        return Graph(self._notes.values(), self._groups)

    def task(
        self,
        step: Any,
        /,
        *args: Any,
        id: str,
        after: Sequence[str] = (),
        part_of: str | None = None,
        **kwargs: Any,
    ) -> TaskHandle:
        """Note a task; `part_of` names the Airflow task that it is one of several steps of."""
        return self._note("task", step, args, kwargs, id=id, after=after, part_of=part_of)

    def branch(
        self, step: Any, /, *args: Any, id: str, after: Sequence[str] = (), **kwargs: Any
    ) -> TaskHandle:
        """Note a task whose result names the tasks or groups, directly downstream, to follow.

        It gives an id, a list of ids, or `None`; the other tasks directly downstream are skipped.
        """
        return self._note("branch", step, args, kwargs, id=id, after=after)

    def short_circuit(
        self, step: Any, /, *args: Any, id: str, after: Sequence[str] = (), **kwargs: Any
    ) -> TaskHandle:
        """Note a task that skips what is downstream of it if its result is false.

        With `ignore_downstream_trigger_rules=False` only its direct neighbours are skipped, and the
        trigger rules decide about the rest.
        """
        return self._note("short_circuit", step, args, kwargs, id=id, after=after)

    def map(
        self,
        step: Any,
        /,
        *args: Any,
        id: str,
        after: Sequence[str] = (),
        decides: Decides | None = None,
        **kwargs: Any,
    ) -> TaskHandle:
        """Note a task with one instance for each item of its `each(...)` arguments.

        Of several such arguments every combination has an instance, as with `.expand(a=…, b=…)`.
        With `decides` each instance is a branch or a short circuit; as in Airflow, it decides about
        instances of the same index only.
        """
        mapped = {name: value.values for name, value in kwargs.items() if isinstance(value, Each)}
        if not mapped:
            raise DagDefinitionError(f"The mapped task {id!r} has no argument `each(...)`.")
        fixed = {name: value for name, value in kwargs.items() if name not in mapped}
        expansion = CrossProduct(mapped)
        kind: Kind = decides or "task"
        return self._note(kind, step, args, fixed, id=id, after=after, expansion=expansion)

    def map_kwargs(
        self,
        step: Any,
        records: Reference | Sequence[Any],
        /,
        *args: Any,
        id: str,
        after: Sequence[str] = (),
        decides: Decides | None = None,
        **kwargs: Any,
    ) -> TaskHandle:
        """Note a task with one instance for each dict of arguments, as `.expand_kwargs(…)`; for
        `decides` see `map`.
        """
        if isinstance(records, str) or not isinstance(records, (Reference, Sequence)):
            raise DagDefinitionError(
                f"The mapped task {id!r} needs a list of dicts, or a task's result, not {records!r}."
            )
        kind: Kind = decides or "task"
        expansion = Records(records)
        return self._note(kind, step, args, kwargs, id=id, after=after, expansion=expansion)

    @contextmanager
    def mapped_group(self, id: str, **mapped: Each) -> Iterator[MappedGroup]:
        """Note a group of tasks that has one instance for each item of its arguments.

        The tasks within are noted once, with the attributes of the group as placeholders.
        """
        if self._group is not None:
            raise DagDefinitionError(
                f"The mapped group {id!r} lies in the mapped group {self._group!r}. "
                "Airflow does not support that either."
            )
        if not mapped or not all(isinstance(value, Each) for value in mapped.values()):
            raise DagDefinitionError(f"All arguments of the mapped group {id!r} are `each(...)`.")
        expansion = CrossProduct({name: value.values for name, value in mapped.items()})
        self._groups[id] = expansion
        self._group = id
        try:
            yield MappedGroup(id, expansion)
        finally:
            self._group = None

    def _note(
        self,
        kind: Kind,
        step: Any,
        args: Sequence[Any],
        arguments: Mapping[str, Any],
        *,
        id: str,
        after: Sequence[str],
        part_of: str | None = None,
        expansion: Expansion | None = None,
    ) -> TaskHandle:
        if id in self._notes:
            raise DagDefinitionError(f"There are two tasks with the id {id!r}.")
        if isinstance(after, str):
            raise DagDefinitionError(f"`after` of task {id!r} must be a list of ids: [{after!r}].")
        if expansion is not None and self._group is not None:
            raise DagDefinitionError(
                f"The mapped task {id!r} lies in the mapped group {self._group!r}. "
                "Airflow does not support that either."
            )
        options = {name: value for name, value in arguments.items() if name in _SCHEDULING}
        self._notes[id] = Note(
            id=id,
            step=with_shared_options(step, self._step_options),
            args=tuple(args),
            kwargs={name: value for name, value in arguments.items() if name not in options},
            after=tuple(after),
            kind=kind,
            scheduling=Scheduling(**{**self._defaults, **options}),
            expansion=expansion,
            group=self._group,
            part_of=part_of,
        )
        return TaskHandle(id)
