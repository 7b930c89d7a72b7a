"""Which tasks' results other tasks take, and the variable that holds each in the pipeline."""

from __future__ import annotations

import keyword
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from transpiler.model.dag import Argument, Dag, Task
from transpiler.model.values import TaskOutput, marks


def task_outputs(task: Task) -> Iterator[TaskOutput]:
    """The results of other tasks that the arguments of a task hold."""
    for argument in _arguments(task):
        yield from (mark for mark in marks(argument.value) if isinstance(mark, TaskOutput))


def output_variables(dag: Dag) -> Mapping[str, str]:
    """Variable name by task id, for every task whose result another task takes.

    The name is the one that the source gave the result, where that is unambiguous, else `<task
    id>_output`.
    """
    taken = {output.task_id for task in dag.tasks for output in task_outputs(task)}
    by_variable: dict[str, list[Task]] = defaultdict(list)
    for task in dag.tasks:
        if task.variable is not None:
            by_variable[task.variable].append(task)
    names: dict[str, str] = {}
    for task in dag.tasks:
        if task.task_id not in taken:
            continue
        own = task.variable
        if own is not None and _usable(own) and _unambiguous(task, by_variable[own], dag):
            names[task.task_id] = own
        else:
            names[task.task_id] = _free(f"{_identifier(task.task_id)}_output", names, by_variable)
    return names


def _unambiguous(task: Task, sharing: list[Task], dag: Dag) -> bool:
    """Whether the variable still holds this task's result wherever it is taken."""
    if len(sharing) == 1:
        return True
    turn = [(step.entry, step.index) for step in task.loops]
    takers = [
        other for other in dag.tasks if any(o.task_id == task.task_id for o in task_outputs(other))
    ]
    return bool(turn) and all(
        [(step.entry, step.index) for step in other.loops][: len(turn)] == turn for other in takers
    )


def _arguments(task: Task) -> Iterator[Argument]:
    yield from task.arguments.values()
    yield from task.call_arguments


def _identifier(task_id: str) -> str:
    name = re.sub(r"\W", "_", task_id)
    return f"_{name}" if name[:1].isdigit() else name


def _usable(name: str) -> bool:
    return name.isidentifier() and not keyword.iskeyword(name) and name != "run"


def _free(name: str, names: Mapping[str, str], variables: Mapping[str, list[Task]]) -> str:
    taken = {*names.values(), *variables}
    while name in taken:
        name += "_"
    return name
