"""The pictures of a DAG's page: both graphs, and the insides of groups that are closed in them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from transpiler.report.models import DagEntry
from transpiler.report.page.calls import StepWiring
from transpiler.report.page.drawing import Drawing, drawn
from transpiler.report.page.folding import LIMIT, folded
from transpiler.report.page.graph import Graph, airflow_graph, zenml_graph

_MOST_BOXES = 900
"""Boxes of all pictures of a side; further groups are shown as the list of their tasks."""


@dataclass(frozen=True)
class Side:
    """One graph of a view."""

    title: str
    drawing: Drawing


@dataclass(frozen=True)
class View:
    """Both graphs of the DAG, or of one group of it."""

    number: int
    title: str
    sides: tuple[Side, Side]


@dataclass(frozen=True)
class Pictures:
    """The views, the view of each group that has one, a number for each key of a box, and the keys
    that differ between the sides.
    """

    views: Sequence[View]
    opens: Mapping[str, int]
    numbers: Mapping[str, int]
    changed: frozenset[str]


@dataclass(frozen=True)
class Differences:
    """In what the two graphs differ."""

    summary: str
    items: Sequence[str]


def pictures_of(dag: DagEntry, wiring: StepWiring) -> Pictures:
    """All pictures of the DAG. Groups are open while the whole DAG fits into one picture."""
    airflow = airflow_graph(dag)
    zenml = zenml_graph(dag, wiring)
    views: list[View] = []
    opens: dict[str, int] = {}
    waiting: list[str | None] = [None] if dag.tasks else []
    boxes = 0
    while waiting:
        group = waiting.pop(0)
        sides = folded(airflow, group), folded(zenml, group)
        size = max(len(side.nodes) for side in sides)
        if views and boxes + size > _MOST_BOXES:
            break
        boxes += size
        if group is not None:
            opens[group] = len(views)
        views.append(_view(len(views), group, sides))
        for node in (*sides[0].nodes, *sides[1].nodes):
            if node.opens is not None and node.opens not in (*opens, *waiting):
                waiting.append(node.opens)
    keys = {
        box.node.key
        for view in views
        for side in view.sides
        for box in side.drawing.boxes
        if box.node is not None
    }
    numbers = {key: number for number, key in enumerate(sorted(keys))}
    return Pictures(views, opens, numbers, _changed(dag))


def _view(number: int, group: str | None, sides: tuple[Graph, Graph]) -> View:
    tasks, steps = drawn(sides)
    titles = "Airflow: tasks", "ZenML: steps"
    return View(number, group or "", (Side(titles[0], tasks), Side(titles[1], steps)))


def _changed(dag: DagEntry) -> frozenset[str]:
    """Keys of boxes that the other side does not have."""
    changed = {step for task in dag.tasks if len(task.steps) > 1 for step in task.steps}
    changed |= {task.task_id for task in dag.tasks if len(task.steps) != 1}
    return frozenset(changed)


def differences_of(dag: DagEntry) -> Differences:
    """The differences in words; like ones together."""
    several: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for task in dag.tasks:
        inner = tuple(step.removeprefix(f"{task.task_id}.") for step in task.steps[:-1])
        if inner:
            several[inner + (task.step,)].append(task.task_id)
    items = [
        f"{_names(ids)} became {len(steps)} steps{' each' if len(ids) > 1 else ''}: "
        f"{', '.join(steps)}"
        for steps, ids in several.items()
    ]
    gone = [task.task_id for task in dag.tasks if not task.steps]
    if gone:
        items.append(f"{_names(gone)}: no step, because nothing is left to do")
    manual = [task.task_id for task in dag.tasks if task.disposition == "manual"]
    if manual:
        verb = "raise" if len(manual) > 1 else "raises"
        items.append(f"{_names(manual)} {verb} until somebody has settled what it does")
    rules = {task.trigger_rule for task in dag.tasks} - {"all_success"}
    if dag.mode == "dynamic":
        why = f" ({', '.join(sorted(rules))})" if rules else ""
        items.append(f"What runs is decided during the run, by Airflow’s rules{why}")
    tasks, steps = len(dag.tasks), sum(len(task.steps) for task in dag.tasks)
    same = "each with its step and the same order" if not (several or gone) else "the same order"
    large = " Groups are closed, and tasks of one kind stacked." if tasks > LIMIT else ""
    return Differences(f"{tasks} tasks, {steps} steps, {same}.{large}", items)


def _names(ids: Sequence[str]) -> str:
    if len(ids) <= 3:
        return ", ".join(ids)
    return f"{ids[0]}, {ids[1]} and {len(ids) - 2} more"
