"""What DAGs need of one another, and the order to migrate them in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from transpiler.report.models import DagEntry

Kind = Literal["waits for", "triggers", "starts by assets of"]


@dataclass(frozen=True)
class Need:
    """`dag` needs `other` to be there first."""

    dag: str
    other: str
    kind: Kind
    by: tuple[str, ...]
    """The tasks of `dag` that wait or start, or the assets."""


@dataclass(frozen=True)
class Wave:
    """DAGs that can be migrated at the same time, with the reason for each."""

    number: int
    reasons: Mapping[str, str]


def needs_of(dags: Iterable[DagEntry]) -> list[Need]:
    """What each DAG needs: a run that it waits for, a pipeline that it starts, a DAG that updates an
    asset by which it starts.
    """
    listed = list(dags)
    updating = _updating(listed)
    found: dict[tuple[str, str, Kind], list[str]] = defaultdict(list)
    for dag in listed:
        for task in dag.tasks:
            for other in task.waits_for:
                found[dag.dag_id, other, "waits for"].append(task.task_id)
            for other in task.triggers:
                found[dag.dag_id, other, "triggers"].append(task.task_id)
        for asset in dag.starts_by:
            for other in updating.get(asset, ()):
                found[dag.dag_id, other, "starts by assets of"].append(asset)
    return [Need(dag, other, kind, tuple(by)) for (dag, other, kind), by in found.items()]


def _updating(dags: Iterable[DagEntry]) -> Mapping[str, Iterable[str]]:
    """The DAGs that update each asset."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for dag in dags:
        for task in dag.tasks:
            for asset in task.updates:
                found[asset][dag.dag_id] = None
    return found


def waves_of(dags: Iterable[str], needs: Sequence[Need]) -> list[Wave]:
    """The DAGs in waves: each after all that it needs. A circle of needs is one wave, at its turn."""
    wanted = {dag: _others(dag, needs) for dag in dict.fromkeys(dags)}
    waves: list[Wave] = []
    done: set[str] = set()
    while len(done) < len(wanted):
        left = {
            dag: others & wanted.keys() - done for dag, others in wanted.items() if dag not in done
        }
        ready = [dag for dag, others in left.items() if not others]
        circle = not ready
        if circle:
            ready = _smallest_circle(left)
        reasons = {dag: _reason(wanted[dag], wanted.keys(), circle) for dag in sorted(ready)}
        waves.append(Wave(len(waves) + 1, reasons))
        done |= {*ready}
    return waves


def _others(dag: str, needs: Iterable[Need]) -> set[str]:
    return {need.other for need in needs if need.dag == dag and need.other != dag}


def _smallest_circle(left: Mapping[str, set[str]]) -> list[str]:
    """DAGs that need one another and nothing else that is left."""
    reach = {dag: _reachable(dag, left) for dag in left}
    dag = min(left, key=lambda one: (len(reach[one]), one))
    return [other for other in left if other in reach[dag] | {dag}]


def _reachable(dag: str, left: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = [dag]
    while waiting:
        for other in left[waiting.pop()] - seen:
            seen.add(other)
            waiting.append(other)
    return seen


def _reason(others: set[str], known: Iterable[str], circle: bool) -> str:
    inside = sorted(others & {*known})
    outside = sorted(others - {*known})
    if circle:
        text = f"in a circle with {_list(inside)}: migrate them together"
    elif inside:
        text = f"after {_list(inside)}"
    else:
        text = "needs no other DAG"
    return f"{text}; {_list(outside)} not among the files read" if outside else text


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(names[:4])
    return f"{shown} and {len(names) - 4} more" if len(names) > 4 else shown
