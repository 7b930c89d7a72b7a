"""Mapped tasks and groups: the arguments that differ from instance to instance, and names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from functools import lru_cache
from itertools import product

from transpiler.lower.variable_names import usable
from transpiler.model.dag import Argument, Dag, Expansion, Task
from transpiler.model.values import Each, Value, results_in


def with_each(task: Task) -> Task:
    """The task with the arguments that it is mapped over in their places, as `Each` marks.

    Those of a `@task` function are arguments of its call. `expand_kwargs` of a `@task` function
    stays in `mapped`, as its names may be known only at run time.
    """
    if task.mapped is None or task.mapped.kind == "expand_kwargs":
        return task
    mapped = {
        name: replace(argument, value=Each(argument.value))
        for name, argument in task.mapped.arguments.items()
    }
    if task.function is None:
        return replace(task, arguments={**task.arguments, **mapped})
    return replace(task, call_arguments=(*task.call_arguments, *mapped.values()))


def instances(task: Task) -> list[Task] | None:
    """The unmapped tasks that a classic operator's mapped task stands for, in map order; None where
    only the run knows them.

    The order is that of `DictOfListsExpandInput`: the last argument varies fastest.
    """
    assert task.mapped is not None
    found = _argument_sets(task.mapped)
    if found is None:
        return None
    return [
        replace(task, mapped=None, arguments={**task.arguments, **arguments}) for arguments in found
    ]


def _argument_sets(mapped: Expansion) -> list[dict[str, Argument]] | None:
    if any(results_in(argument.value) for argument in mapped.arguments.values()):
        return None
    if mapped.kind == "expand_kwargs":
        whole = mapped.arguments["kwargs"]
        if not isinstance(whole.value, (list, tuple)):
            return None
        rows = [row for row in whole.value if isinstance(row, dict)]
        if len(rows) < len(whole.value) or not all(isinstance(k, str) for row in rows for k in row):
            return None
        return [{k: Argument(k, v, whole.span) for k, v in row.items()} for row in rows]
    columns: list[list[Argument]] = []
    for name, argument in mapped.arguments.items():
        items = _items(argument.value)
        if items is None:
            return None
        columns.append([Argument(name, item, argument.span) for item in items])
    return [{one.name: one for one in row} for row in product(*columns)]


def _items(value: Value) -> list[Value] | None:
    """What `expand` takes one by one: the pairs of a dict."""
    if isinstance(value, dict):
        return [*value.items()]
    return [*value] if isinstance(value, (list, tuple)) else None


def values_by_name(rows: Value, names: Set[str]) -> dict[str, Value] | None:
    """What `expand_kwargs` gives to each of the names, as `Each` marks; None where the rows have
    other names. What is known only at run time may be anything.
    """
    if not isinstance(rows, (list, tuple)) or any(not isinstance(row, dict) for row in rows):
        return {name: Each(None) for name in names}
    given = {key for row in rows for key in row}
    if not given <= names:
        return None
    return {key: Each([row[key] for row in rows if key in row]) for key in sorted(given)}


def mapped_arguments(dag: Dag) -> Iterator[Argument]:
    """What the groups of a DAG are mapped over."""
    for group in dag.groups:
        if group.mapped is not None:
            yield from group.mapped.arguments.values()


@lru_cache(maxsize=1)  # asked for each task of a DAG
def group_variables(dag: Dag) -> Mapping[str, str]:
    """The name of each mapped group in the pipeline function, by group id."""
    names: dict[str, str] = {}
    taken = {task.variable for task in dag.tasks}
    for group in dag.groups:
        if group.mapped is None:
            continue
        name = re.sub(r"\W", "_", group.label)
        if not usable(name):
            name = f"group_{name}"
        while name in taken:
            name += "_"
        taken.add(name)
        names[group.group_id] = name
    return names


def is_list_for(dag: Dag, producer: Task, consumer: Task | None) -> bool:
    """Whether the producer's result is a list of its instances' values where the consumer takes it."""
    group = dag.mapped_group(producer)
    if producer.mapped is not None:
        return True
    return group is not None and (consumer is None or dag.mapped_group(consumer) is not group)
