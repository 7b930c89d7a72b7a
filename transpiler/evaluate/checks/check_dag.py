"""Ids, cycles and empty DAGs."""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.evaluate.builders import DagBuilder, TaskBuilder
from transpiler.evaluate.dags import valid_id
from transpiler.model.finding import Finding, finding

FATAL = frozenset({"D2Z114", "D2Z115"})
"""Airflow does not load a DAG with these."""


def unique(builders: Iterable[DagBuilder]) -> tuple[list[DagBuilder], list[Finding]]:
    """The DAGs of one file by id, and a finding for each id that was used before; the last one
    counts.
    """
    by_id: dict[str, DagBuilder] = {}
    findings = []
    for dag in builders:
        if dag.dag_id in by_id and by_id[dag.dag_id] is not dag:
            findings.append(
                finding("D2Z112", dag.span, f"the DAG id {dag.dag_id!r} is used twice in this file")
            )
            del by_id[dag.dag_id]
        by_id[dag.dag_id] = dag
    return list(by_id.values()), findings


def problems(dag: DagBuilder) -> list[Finding]:
    """Findings about ids, cycles, and a DAG without tasks."""
    found = []
    if not valid_id(dag.dag_id):
        found.append(finding("D2Z115", dag.span, f"Airflow refuses the DAG id {dag.dag_id[:80]!r}"))
    for task in dag.tasks.values():
        if not valid_id(task.task_id):
            text = f"Airflow refuses the task id {task.task_id[:80]!r}"
            found.append(finding("D2Z115", task.span, text, task_id=task.task_id))
    for group in dag.groups.values():
        if not valid_id(group.group_id):
            found.append(
                finding(
                    "D2Z115", group.span, f"Airflow refuses the group id {group.group_id[:80]!r}"
                )
            )
    circle = _cycle(dag)
    if circle:
        shown = " -> ".join(t.task_id for t in circle[:10])
        found.append(finding("D2Z114", circle[0].span, f"the tasks wait for each other: {shown}"))
    if not dag.tasks:
        found.append(finding("D2Z117", dag.span, f"no task of the DAG {dag.dag_id!r} was read"))
    return found


def _cycle(dag: DagBuilder) -> list[TaskBuilder]:
    """A circle of tasks, or nothing. Iterative: DAGs may be thousands of tasks long."""
    state: dict[int, int] = {}
    for start in dag.tasks.values():
        stack: list[tuple[TaskBuilder, list[TaskBuilder]]] = [(start, list(start.upstream))]
        path: list[TaskBuilder] = []
        while stack:
            task, rest = stack[-1]
            if state.get(id(task)) == 2:
                stack.pop()
                continue
            if id(task) not in state:
                state[id(task)] = 1
                path.append(task)
            if not rest:
                state[id(task)] = 2
                path.pop()
                stack.pop()
                continue
            following = rest.pop()
            if state.get(id(following)) == 1:
                return [*path[path.index(following) :], following][::-1]
            if id(following) not in state:
                stack.append((following, list(following.upstream)))
    return []
