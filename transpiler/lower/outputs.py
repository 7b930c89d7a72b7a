"""Which tasks' results other tasks take, and the variable that holds each in the pipeline."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import libcst as cst

from transpiler.lower.mapping import mapped_arguments
from transpiler.lower.variable_names import usable
from transpiler.model.dag import Argument, Dag, Task
from transpiler.model.values import TaskOutput, marks

_MAPPING = re.compile(
    r"((typing|t|collections|abc|collections\.abc)\.)?"
    r"(dict|Dict|Mapping|MutableMapping|OrderedDict|DefaultDict|defaultdict)\b"
)


def task_outputs(task: Task) -> Iterator[TaskOutput]:
    """The results of other tasks that the arguments of a task hold."""
    for argument in _arguments(task):
        yield from _outputs(argument)


def output_variables(dag: Dag) -> Mapping[str, str]:
    """Variable name by task id, for every task whose result another task takes.

    The name is the one that the source gave the result, where that is unambiguous, else `<task
    id>_output`.
    """
    takers: dict[str, list[Task]] = defaultdict(list)
    for task in dag.tasks:
        for task_id in {output.task_id for output in task_outputs(task)}:
            takers[task_id].append(task)
    taken = set(takers)
    of_groups = {output.task_id for one in mapped_arguments(dag) for output in _outputs(one)}
    taken |= of_groups
    by_variable: dict[str, list[Task]] = defaultdict(list)
    for task in dag.tasks:
        if task.variable is not None:
            by_variable[task.variable].append(task)
    names: dict[str, str] = {}
    for task in dag.tasks:
        if task.task_id not in taken:
            continue
        own = task.variable
        alone = own is not None and len(by_variable[own]) == 1
        sure = alone or (
            task.task_id not in of_groups
            and own is not None
            and _unambiguous(task, takers[task.task_id])
        )
        if own is not None and usable(own) and sure:
            names[task.task_id] = own
        else:
            names[task.task_id] = _free(f"{_identifier(task.task_id)}_output", names, by_variable)
    return names


def _unambiguous(task: Task, takers: list[Task]) -> bool:
    """Whether a variable that other tasks have too still holds this task's result wherever it is
    taken.
    """
    turn = [(step.entry, step.index) for step in task.loops]
    return bool(turn) and all(
        [(step.entry, step.index) for step in other.loops][: len(turn)] == turn for other in takers
    )


def _arguments(task: Task) -> Iterator[Argument]:
    yield from task.arguments.values()
    yield from task.call_arguments
    if task.mapped is not None:
        yield from task.mapped.arguments.values()


def _outputs(argument: Argument) -> Iterator[TaskOutput]:
    return (mark for mark in marks(argument.value) if isinstance(mark, TaskOutput))


def multiple_outputs(task: Task) -> bool:
    """Whether each key of the task's result is an XCom of its own: asked for, or inferred from a
    return annotation that is a mapping (`_TaskDecorator._infer_multiple_outputs`).
    """
    argument = task.arguments.get("multiple_outputs")
    if argument is not None and argument.value is not None:
        return bool(argument.value)
    if task.function is not None and task.function.gives_mapping:
        return True
    node = task.function.node if task.function is not None else None
    returns = node.returns if isinstance(node, cst.FunctionDef) else None
    if returns is None:
        return False
    annotation: cst.BaseExpression = returns.annotation
    if isinstance(annotation, cst.SimpleString):
        text = annotation.evaluated_value
    else:
        text = cst.Module([]).code_for_node(annotation)
    return isinstance(text, str) and bool(_MAPPING.match(text.strip()))


def _identifier(task_id: str) -> str:
    name = re.sub(r"\W", "_", task_id)
    return f"_{name}" if name[:1].isdigit() else name


def _free(name: str, names: Mapping[str, str], variables: Mapping[str, list[Task]]) -> str:
    taken = {*names.values(), *variables}
    while name in taken:
        name += "_"
    return name
