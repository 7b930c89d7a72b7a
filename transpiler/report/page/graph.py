"""The two graphs of a DAG, Airflow's tasks and ZenML's steps, as data to be drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from transpiler.report.models import DagEntry, TaskEntry
from transpiler.report.page.calls import StepWiring

Shape = Literal["task", "sensor", "branch", "setup", "teardown", "stack", "group"]
SEVERITY = ("mapped", "not_needed", "approximated", "manual")
"""Dispositions, the one that matters most to a reviewer last."""


@dataclass(frozen=True)
class Node:
    """One box. `tasks` are positions in the DAG's list of tasks; `badge` is shown over the box."""

    key: str
    label: str
    sub: str
    state: str
    tasks: tuple[int, ...]
    shape: Shape = "task"
    group: str | None = None
    badge: str = ""
    mapped: bool = False
    opens: str | None = None
    """The group whose inside is drawn by itself."""


@dataclass(frozen=True)
class Graph:
    """Boxes, edges between their keys, and groups: label and parent by id."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]
    groups: Mapping[str, tuple[str, str | None]] = field(default_factory=dict)


def airflow_graph(dag: DagEntry) -> Graph:
    """A box for each task, inside its groups."""
    nodes = [_task_node(number, task) for number, task in enumerate(dag.tasks)]
    ids = {task.task_id for task in dag.tasks}
    edges = [(up, task.task_id) for task in dag.tasks for up in task.upstream if up in ids]
    return Graph(tuple(nodes), tuple(edges), groups_of(task.group for task in dag.tasks))


def zenml_graph(dag: DagEntry, wiring: StepWiring) -> Graph:
    """A box for each step; a task that became several steps is a group of them."""
    groups = dict(groups_of(task.group for task in dag.tasks))
    nodes: list[Node] = []
    edges: list[tuple[str, str]] = []
    for number, task in enumerate(dag.tasks):
        inner = wiring.of(task)
        around = task.group
        if len(inner) > 1:
            around = f"{task.task_id}\0steps"
            groups[around] = (f"{_short(task)}: {len(inner)} steps", task.group)
        for call in inner:
            own = call.step_id == task.task_id
            label = _short(task) if own else call.step_id.removeprefix(f"{task.task_id}.")
            nodes.append(
                Node(
                    call.step_id,
                    label,
                    call.function,
                    task.disposition,
                    (number,),
                    shape=_shape(task) if own else "task",
                    group=around,
                    badge=_rule(task) if own else "",
                    mapped=task.mapped,
                )
            )
            edges += [(before, call.step_id) for before in call.after]
    known = {node.key for node in nodes}
    edges = [edge for edge in edges if known.issuperset(edge)]
    return Graph(tuple(nodes), tuple(dict.fromkeys(edges)), groups)


def groups_of(names: Iterable[str | None]) -> Mapping[str, tuple[str, str | None]]:
    """Label and parent of each group: ids are nested by dots."""
    found: dict[str, tuple[str, str | None]] = {}
    for name in names:
        for group in _outward(name):
            parent, _, label = group.rpartition(".")
            found[group] = (label, parent or None)
    return found


def _outward(name: str | None) -> Iterator[str]:
    while name:
        yield name
        name = name.rpartition(".")[0]


def worst(states: Iterable[str]) -> str:
    """The disposition that a box of several tasks shows."""
    return max(states, key=SEVERITY.index, default="mapped")


def _task_node(number: int, task: TaskEntry) -> Node:
    return Node(
        task.task_id,
        _short(task),
        task.operator.rpartition(".")[2] or task.operator,
        task.disposition,
        (number,),
        shape=_shape(task),
        group=task.group,
        badge=_rule(task),
        mapped=task.mapped,
    )


def _short(task: TaskEntry) -> str:
    """The id without the prefix of the group that it is drawn in."""
    return task.task_id.removeprefix(f"{task.group}.") if task.group else task.task_id


def _rule(task: TaskEntry) -> str:
    return "" if task.trigger_rule == "all_success" else task.trigger_rule


def _shape(task: TaskEntry) -> Shape:
    if task.setup:
        return "setup"
    if task.teardown:
        return "teardown"
    if task.kind in ("branch", "short_circuit"):
        return "branch"
    return "sensor" if task.operator.lower().endswith("sensor") else "task"
