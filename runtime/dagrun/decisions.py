"""What tasks that have ended decide about others, whatever state those are in."""

from __future__ import annotations

from runtime.dagrun.branching import followed, short_circuited
from runtime.dagrun.handles import MISSING
from runtime.dagrun.states import FAILED, RUNNING, SUCCESS
from runtime.dagrun.table import UNMAPPED, Instance, Table
from runtime.dagrun.values import check_mappable


class Decisions:
    """What the branches and short circuits of a run have decided."""

    def __init__(self, table: Table) -> None:
        """Begin without decisions."""
        self._table = table
        self._graph = table.graph
        self._followed: dict[Instance, set[str]] = {}
        self._skipped: dict[Instance, set[str]] = {}

    def skip(self, instance: Instance) -> bool:
        """Tell whether a branch or short circuit directly upstream decided to skip an instance.

        It looks at the decision of the same map index only.
        """
        for parent in self._graph.upstream[instance.task]:
            decided = Instance(parent, instance.map_index)
            if instance.task not in self._followed.get(decided, {instance.task}):
                return True
            if instance.task in self._skipped.get(decided, ()):
                return True
        return False

    def take(self, instance: Instance) -> list[Instance]:
        """Let an instance that succeeded decide; gives the instances that are skipped at once.

        Raises `BranchError` for a branch into nowhere, and `XComError` for a result that tasks are
        mapped over but cannot be: both fail the instance.
        """
        note = self._graph.notes[instance.task]
        if note.kind == "branch":
            return self._branch(instance)
        if note.kind == "short_circuit":
            return self._short_circuit(instance)
        if note.id in self._graph.mapped_over and note.expansion is None:
            check_mappable(instance.label, self._table.returned(instance))
        return []

    def _branch(self, instance: Instance) -> list[Instance]:
        chosen = self._table.returned(instance)
        kept = followed(self._graph, instance.task, None if chosen is MISSING else chosen)
        self._followed[instance] = kept
        rest = [id for id in self._graph.downstream[instance.task] if id not in kept]
        index = instance.map_index
        return [Instance(id, index) for id in rest if index in self._table.states[id]]

    def _short_circuit(self, instance: Instance) -> list[Instance]:
        condition = self._table.returned(instance)
        if condition is not MISSING and condition:
            return []
        below = short_circuited(self._graph, instance.task)
        self._skipped[instance] = set(below)
        if instance.map_index != UNMAPPED:
            return []  # Only the neighbours are skipped, when their turn comes.
        return [other for id in below for other in self._table.instances(id)]


def stopped_by(table: Table, failed: Instance) -> tuple[list[Instance], list[Instance]]:
    """Give what Airflow's `fail_stop` fails, because it runs, and what it skips: not teardowns."""
    others = [
        one
        for one in table
        if one.task != failed.task
        and table.state(one) not in (SUCCESS, FAILED)
        and not table.graph.is_teardown(one.task)
    ]
    running = [one for one in others if table.state(one) == RUNNING]
    return running, [one for one in others if table.state(one) != RUNNING]
