"""The graph of noted tasks: edges, setups in whose scope a task is, leaves, groups.

Source: `airflow.models.abstractoperator`, `airflow.models.dagrun`, `airflow.utils.task_group`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property

from runtime.dagrun.mapping import Expansion
from runtime.dagrun.notes import Note
from runtime.exceptions import DagDefinitionError


class Graph:
    """All tasks of a pipeline by id, in the order in which they were noted.

    `groups` are the mapped groups. Raises `DagDefinitionError` for an edge from an unknown task and
    for a cycle.
    """

    def __init__(
        self, notes: Iterable[Note], groups: Mapping[str, Expansion] | None = None
    ) -> None:
        """Take the tasks, and connect the roots of mapped groups with what those are mapped over."""
        self.notes = {note.id: note for note in notes}
        self.groups = dict(groups or {})
        self.upstream = {note.id: note.upstream for note in self.notes.values()}
        self._connect_groups()
        self._check_names()
        self.downstream: dict[str, list[str]] = {id: [] for id in self.notes}
        for id, upstream in self.upstream.items():
            for other in upstream:
                self.downstream[other].append(id)
        self.order = self._topological_order()
        self.depth: dict[str, int] = {}
        for id in self.order:
            self.depth[id] = 1 + max((self.depth[other] for other in self.upstream[id]), default=0)
        self._flat: dict[tuple[str, bool], dict[str, None]] = {}
        self._setups: dict[str, tuple[str, ...]] = {}

    def flat_downstream(self, id: str) -> dict[str, None]:
        """Give the ids of all tasks downstream, near and far, as an ordered set."""
        return self._reach(id, down=True)

    def flat_upstream(self, id: str) -> dict[str, None]:
        """Give the ids of all tasks upstream, near and far, as an ordered set."""
        return self._reach(id, down=False)

    def weight(self, id: str) -> int:
        """Give a task's weight when it waits for a place: its own and, by its rule, that of all
        tasks downstream or upstream of it.

        Source: `airflow.task.priority_strategy`.
        """
        scheduling = self.notes[id].scheduling
        if scheduling.weight_rule == "absolute":
            return scheduling.priority_weight
        others = self._reach(id, down=scheduling.weight_rule == "downstream")
        added = sum(self.notes[other].scheduling.priority_weight for other in others)
        return scheduling.priority_weight + added

    def _reach(self, id: str, *, down: bool) -> dict[str, None]:
        found = self._flat.get((id, down))
        if found is None:
            found = {}
            edges: Mapping[str, Iterable[str]] = self.downstream if down else self.upstream
            waiting = list(edges[id])
            while waiting:
                other = waiting.pop()
                if other not in found:
                    found[other] = None
                    waiting.extend(edges[other])
            self._flat[(id, down)] = found
        return found

    def is_setup(self, id: str) -> bool:
        """Tell whether the task is a setup."""
        return self.notes[id].scheduling.setup

    def is_teardown(self, id: str) -> bool:
        """Tell whether the task is a teardown."""
        return self.notes[id].scheduling.teardown

    def scope(self, id: str) -> tuple[str, ...]:
        """Give the setups in whose scope a task is: they must succeed before it may run.

        Those are setups upstream, near or far, without teardown or with a teardown downstream.
        """
        if not self._has_setups or self.is_teardown(id):
            return ()
        if id not in self._setups:
            below = {other for other in self.flat_downstream(id) if self.is_teardown(other)}
            self._setups[id] = tuple(
                other
                for other in self.flat_upstream(id)
                if self.is_setup(other) and self._reaches_over(other, below)
            )
        return self._setups[id]

    def _reaches_over(self, setup: str, teardowns: set[str]) -> bool:
        own = [other for other in self.downstream[setup] if self.is_teardown(other)]
        return not own or not teardowns.isdisjoint(self.downstream[setup])

    @cached_property
    def _has_setups(self) -> bool:
        return any(note.scheduling.setup for note in self.notes.values())

    @cached_property
    def scoped(self) -> Mapping[str, tuple[str, ...]]:
        """Give for each setup the tasks in its scope that are not directly downstream."""
        tasks: dict[str, list[str]] = {}
        for id in self.notes:
            for setup in self.scope(id):
                if setup not in self.upstream[id]:
                    tasks.setdefault(setup, []).append(id)
        return {setup: tuple(ids) for setup, ids in tasks.items()}

    def leaves(self) -> set[str]:
        """Give the tasks that decide about the state of the run.

        Teardowns do not, unless they say so; with nothing but teardowns, the last ones do.
        """
        ignored = {
            id
            for id, note in self.notes.items()
            if note.scheduling.teardown and not note.scheduling.on_failure_fail_dagrun
        }
        found = {
            id for id in self.notes if id not in ignored and ignored.issuperset(self.downstream[id])
        }
        return found or {id for id in self.notes if not self.downstream[id]}

    def group_roots(self, group: str) -> list[str] | None:
        """Give the first tasks of a task group, or `None` if no task's id lies in such a group."""
        members = [
            id for id in self.notes if id.startswith(f"{group}.") or self._group(id) == group
        ]
        if not members:
            return None
        return [id for id in members if not set(members).intersection(self.upstream[id])]

    @cached_property
    def branch_names(self) -> list[str]:
        """Give the ids that a branch may choose: of all tasks and of all groups."""
        prefixes = {id[:end] for id in self.notes for end in range(len(id)) if id[end] == "."}
        named = {group for id in self.notes if (group := self._group(id))}
        return sorted({*self.notes, *prefixes, *named})

    def _group(self, id: str) -> str | None:
        configured = getattr(self.notes[id].step, "configuration", None)
        group = getattr(configured, "group", None)
        return getattr(group, "name", group)

    def expansions(self, id: str) -> list[Expansion]:
        """Give what a task is expanded over: its mapped group first, then itself."""
        note = self.notes[id]
        around = [self.groups[note.group]] if note.group is not None else []
        return [*around, *([note.expansion] if note.expansion else [])]

    @cached_property
    def mapped_over(self) -> frozenset[str]:
        """Give the tasks whose results other tasks or groups are mapped over."""
        own = [note.expansion for note in self.notes.values() if note.expansion]
        return frozenset(
            task for expansion in [*own, *self.groups.values()] for task in expansion.mapped_tasks()
        )

    def _connect_groups(self) -> None:
        """Put what a group is mapped over upstream of the group's first tasks."""
        for name, expansion in self.groups.items():
            members = {id for id, note in self.notes.items() if note.group == name}
            sources = [task for ref in expansion.references() for task in ref.task_ids()]
            for id in members:
                if members.isdisjoint(self.upstream[id]):
                    self.upstream[id] = tuple(dict.fromkeys([*self.upstream[id], *sources]))

    def _check_names(self) -> None:
        for id, upstream in self.upstream.items():
            unknown = [other for other in upstream if other not in self.notes]
            if unknown:
                raise DagDefinitionError(
                    f"The task {id!r} follows {unknown[0]!r}, which is not a task of this pipeline."
                )

    def _topological_order(self) -> list[str]:
        missing = {id: len(upstream) for id, upstream in self.upstream.items()}
        ready = [id for id, count in missing.items() if not count]
        for id in ready:
            for other in self.downstream[id]:
                missing[other] -= 1
                if not missing[other]:
                    ready.append(other)
        if len(ready) < len(self.notes):
            circle = ", ".join(repr(id) for id, count in missing.items() if count)
            raise DagDefinitionError(
                f"The tasks {circle} wait for each other: their edges form a cycle. "
                "Remove one of them from `after`."
            )
        return ready
