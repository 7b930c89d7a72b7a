"""Placing the tasks of a DAG in layers, left to right."""

from __future__ import annotations

from dataclasses import dataclass

from transpiler.report.models import DagEntry, TaskEntry

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 190, 34, 50, 14, 10


@dataclass(frozen=True)
class Box:
    """One task with the upper left corner of its box."""

    task: TaskEntry
    x: int
    y: int


@dataclass(frozen=True)
class Layout:
    """The boxes by task id, the edges, and the size of the drawing."""

    boxes: dict[str, Box]
    edges: list[tuple[Box, Box]]
    width: int
    height: int


def layered(dag: DagEntry) -> Layout:
    """Each task one layer after the last task it waits for, in a layer near those it waits for."""
    depth = _depths(dag.tasks)
    layers: dict[int, list[TaskEntry]] = {}
    for task in dag.tasks:
        layers.setdefault(depth[task.task_id], []).append(task)
    boxes: dict[str, Box] = {}
    for layer in sorted(layers):
        ordered = sorted(layers[layer], key=lambda task: _middle(task, boxes))
        for row, task in enumerate(ordered):
            x = MARGIN + layer * (WIDTH + GAP_X)
            boxes[task.task_id] = Box(task, x, MARGIN + row * (HEIGHT + GAP_Y))
    edges = [
        (boxes[before], boxes[task.task_id])
        for task in dag.tasks
        for before in task.upstream
        if before in boxes
    ]
    rows = max((len(layer) for layer in layers.values()), default=0)
    return Layout(
        boxes,
        edges,
        2 * MARGIN + len(layers) * (WIDTH + GAP_X) - GAP_X,
        2 * MARGIN + rows * (HEIGHT + GAP_Y) - GAP_Y,
    )


def _depths(tasks: list[TaskEntry]) -> dict[str, int]:
    """Length of the longest way to each task. Tasks of a cycle stay where the search ends."""
    depth = {task.task_id: 0 for task in tasks}
    for _ in tasks:
        changed = False
        for task in tasks:
            after = max((depth[name] + 1 for name in task.upstream if name in depth), default=0)
            if after > depth[task.task_id] and after < len(tasks):
                depth[task.task_id] = after
                changed = True
        if not changed:
            break
    return depth


def _middle(task: TaskEntry, boxes: dict[str, Box]) -> float:
    rows = [boxes[name].y for name in task.upstream if name in boxes]
    return sum(rows) / len(rows) if rows else 0.0
