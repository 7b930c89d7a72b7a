"""What earlier runs of the pipeline allow: `depends_on_past` and `wait_for_downstream`.

Source: `airflow.ti_deps.deps.prev_dagrun_dep`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runtime.context import RunContext, split_step_name
from runtime.dagrun.graph import Graph
from runtime.dagrun.notes import Note
from runtime.dagrun.states import SKIPPED, SUCCESS
from runtime.lost_runs import mark_if_lost
from runtime.report import task_states
from runtime.runs import runs_before

Past = Callable[[Note], "bool | None"]


def past_of(run: RunContext, graph: Graph) -> Past:
    """Give whether the previous run lets a task run: yes, no, or `None` while it still runs."""
    seen: list[tuple[Mapping[str, str | None], bool] | None] = []

    def allows(note: Note) -> bool | None:
        if not seen or (seen[-1] is not None and not seen[-1][1]):
            seen.append(_previous(run))
        previous = seen[-1]
        return True if previous is None else judge_past(note, graph, previous[0], ended=previous[1])

    return allows


def _previous(run: RunContext) -> tuple[Mapping[str, str | None], bool] | None:
    """Give the task states of the previous run, and whether it has ended; `None` without one."""

    before = runs_before(run.dag_id, run.logical_date)
    if not before:
        return None
    previous = mark_if_lost(before[0])
    return task_states(previous), previous.status.is_finished


def judge_past(
    note: Note, graph: Graph, states: Mapping[str, str | None], *, ended: bool
) -> bool | None:
    """Judge a task by the states of the previous run's tasks, by label.

    A task that the previous run did not have is held back by nothing: it is its first run.
    """
    own = _of(states, note.id)
    if not own:
        return True
    watched = list(own)
    if note.scheduling.wait_for_downstream:
        for below in graph.downstream[note.id]:
            watched += _of(states, below)
    if all(state in (SUCCESS, SKIPPED) for state in watched):
        return True
    return False if ended else None


def _of(states: Mapping[str, str | None], task: str) -> list[str | None]:
    """Give the states of a task, or of all instances of a mapped task."""
    return [state for label, state in states.items() if split_step_name(label)[0] == task]
