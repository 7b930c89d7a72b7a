"""The state of a run, from the states of its tasks.

Source: `airflow.models.dagrun.DagRun.update_state` and `_tis_for_dagrun_state`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.dagrun.states import FAILED, FAILURES, FINISHED, REMOVED, SUCCESS
from runtime.dagrun.table import Table


@dataclass(frozen=True)
class RunState:
    """A run's state, and Airflow's reason for it, which callbacks are given."""

    state: str
    reason: str


def run_state(table: Table, *, timed_out: bool = False) -> RunState:
    """Give the state of a run that has come to its end.

    The leaves decide. Tasks that never got to run although nothing runs any more are a deadlock.
    """
    if timed_out:
        return RunState(FAILED, "timed_out")
    states = [table.state(instance) for instance in table]
    if any(state not in FINISHED for state in states):
        return RunState(FAILED, "all_tasks_deadlocked")
    leaves = table.graph.leaves()
    decisive = {table.state(instance) for instance in table if instance.task in leaves}
    if (decisive - {REMOVED}) & FAILURES:
        return RunState(FAILED, "task_failure")
    return RunState(SUCCESS, "success")


def reported(table: Table) -> Mapping[str, str | None]:
    """Give the states of all tasks by label; the steps of one task are told apart by no one."""
    parts = {id for id, note in table.graph.notes.items() if note.part_of not in (None, id)}
    return {
        instance.label: table.state(instance) for instance in table if instance.task not in parts
    }
