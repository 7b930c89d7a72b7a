"""Setup and teardown tasks as context managers: `with teardown:` puts its body between them.

Source of the behaviour: `airflow/utils/setup_teardown.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import libcst as cst

from transpiler.evaluate import edges
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.objects import TaskBuilder, XCom


@dataclass(eq=False)
class SetupContext:
    """An entered setup or teardown task (or several), and the tasks that were there before."""

    managers: list[TaskBuilder]
    before: set[int]


def managers_of(value: Any) -> list[TaskBuilder]:
    """The tasks of a context that is a task, a TaskFlow output, or a list of them."""
    items = value if isinstance(value, (list, tuple)) else [value]
    tasks = [item.task if isinstance(item, XCom) else item for item in items]
    return [task for task in tasks if isinstance(task, TaskBuilder)]


def enter(ip: Interpreter, managers: list[TaskBuilder], node: cst.WithItem, frame: Frame) -> None:
    """Start the context. Raises AirflowException for a task that is neither setup nor teardown.

    Airflow forgets the outer context when an inner one ends, which is not followed but reported.
    """
    if not all(task.is_setup or task.is_teardown for task in managers):
        text = "Only setup/teardown tasks can be used as context managers."
        raise DagCodeError("AirflowException", text, node)
    if ip.setup_stack:
        ip.report("D2Z116", node, frame, "a setup or teardown context inside another one")
    dag = managers[0].dag
    before = {id(task) for task in dag.tasks.values()} if dag is not None else set()
    ip.setup_stack.append(SetupContext(managers, before))


def leave(ip: Interpreter) -> None:
    """End the context: edges from the setups to the body, and from the body to the teardowns."""
    context: SetupContext = ip.setup_stack.pop()
    dag = context.managers[0].dag
    if dag is None:
        return
    added = [task for task in dag.tasks.values() if id(task) not in context.before]
    work = [task for task in added if not task.is_setup and not task.is_teardown]
    setups, teardowns = _both(context)
    has_next = {id(up) for task in dag.tasks.values() for up in task.upstream}
    roots = [task for task in work if not task.upstream] or work[:1]
    leaves = [task for task in work if id(task) not in has_next] or work[-1:]
    _connect(ip, setups, roots)
    _connect(ip, leaves, teardowns)


def _both(context: SetupContext) -> tuple[list[TaskBuilder], list[TaskBuilder]]:
    """Setups and teardowns of a context: those entered, and their counterparts by edges."""
    first = context.managers[0]
    if first.is_setup:
        tasks = first.dag.tasks.values() if first.dag else ()
        return context.managers, [t for t in tasks if t.is_teardown and first in t.upstream]
    return [task for task in first.upstream if task.is_setup], context.managers


def _connect(ip: Interpreter, before: list[TaskBuilder], after: list[TaskBuilder]) -> None:
    for upstream in before:
        for downstream in after:
            edges.add_edge(ip, upstream, downstream)
