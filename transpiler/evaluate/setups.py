"""Setup and teardown tasks as context managers: `with teardown:` puts its body between them.

Source of the behaviour, with all its particularities in nested contexts:
`airflow/utils/setup_teardown.py`, in Airflow 3 `airflow/sdk/definitions/_internal/setup_teardown.py`.
"""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate import edges
from transpiler.evaluate.builders import TaskBuilder, XCom
from transpiler.evaluate.errors import DagCodeError, LimitReached
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import Builtin
from transpiler.evaluate.setup_contexts import SetupContexts, SetupScope


def scope_method(ip: Interpreter, name: str) -> Builtin | None:
    """`scope.add_task`, the only thing that a scope offers."""

    def add_task(site: CallSite, task: Any) -> None:
        if not ip.setups.active:
            text = "Cannot add task to context outside the context manager."
            raise DagCodeError("AirflowException", text, site.node)
        for item in managers_of(task):
            ip.setups.add(item)

    return Builtin(name, add_task, wants_site=True) if name == "add_task" else None


def managers_of(value: Any) -> list[TaskBuilder]:
    """The tasks of a context that is a task, a TaskFlow output, or a list of them."""
    items = value if isinstance(value, (list, tuple)) else [value]
    tasks = [item.task if isinstance(item, XCom) else item for item in items]
    return [task for task in tasks if isinstance(task, TaskBuilder)]


def enter(ip: Interpreter, managers: list[TaskBuilder], node: cst.WithItem) -> SetupScope:
    """Start the context. Raises AirflowException for a task that is neither setup nor teardown."""
    if not all(task.is_setup or task.is_teardown for task in managers):
        text = "Only setup/teardown tasks can be used as context managers."
        raise DagCodeError("AirflowException", text, node)
    if len({task.is_setup for task in managers}) > 1:
        text = "All tasks in the list must be either setup or teardown tasks"
        raise DagCodeError("ValueError", text, node)
    state, first = ip.setups, managers[0]
    if first.is_teardown:
        state.teardowns.push(managers)
        state.earlier_setups.push(_counterparts(first, first.upstream, "is_setup"))
    else:
        state.setups.push(managers)
        state.later_teardowns.push(_counterparts(first, _downstream(first), "is_teardown"))
    state.active = True
    return SetupScope()


def leave(ip: Interpreter) -> None:
    """End the context: edges from the setups to the body, and from the body to the teardowns."""
    state = ip.setups
    setups, teardowns = state.setups.current, state.teardowns.current
    if setups and (work := state.work_of(setups)):
        _connect(ip, setups, _roots(work) or work[:1])
        _connect(ip, teardowns or _leaves(work) or work[-1:], state.later_teardowns.current)
    if teardowns and (work := state.work_of(teardowns)):
        _connect(ip, _leaves(work) or work[-1:], teardowns)
        _connect(ip, state.earlier_setups.current, setups or _roots(work) or work[:1])
    _close(ip, state)
    state.active = False


def _close(ip: Interpreter, state: SetupContexts) -> None:
    """Outer setups come before inner ones, inner teardowns before outer ones."""
    ended_setups, outer_setups = state.setups.pop()
    _connect(ip, outer_setups, ended_setups)
    ended_teardowns, outer_teardowns = state.teardowns.pop()
    _connect(ip, ended_teardowns, outer_teardowns)
    _connect(ip, *state.later_teardowns.pop())
    _connect(ip, *reversed(state.earlier_setups.pop()))
    state.work.pop(tuple(ended_setups), None)
    state.work.pop(tuple(ended_teardowns), None)


def _counterparts(first: TaskBuilder, start: Any, kind: str) -> list[TaskBuilder]:
    """The nearest setups or teardowns, over the neighbours of the neighbours."""
    tasks, seen = list(start), {first}
    while tasks:
        found = [task for task in tasks if getattr(task, kind)]
        if found:
            return found
        seen.update(tasks)
        tasks = [
            near
            for task in tasks
            for near in (*_downstream(task), *task.upstream)
            if near is not first
        ]
        if tasks and all(task in seen for task in tasks):
            text = "Airflow's search for the setup or teardown of a context does not end here"
            raise LimitReached(text, first.call)
    return []


def _downstream(task: TaskBuilder) -> list[TaskBuilder]:
    return [t for t in (task.dag.tasks.values() if task.dag else ()) if task in t.upstream]


def _roots(work: list[TaskBuilder]) -> list[TaskBuilder]:
    return [task for task in work if not task.upstream]


def _leaves(work: list[TaskBuilder]) -> list[TaskBuilder]:
    dag = work[0].dag
    has_next = {id(up) for task in (dag.tasks.values() if dag else ()) for up in task.upstream}
    return [task for task in work if id(task) not in has_next]


def _connect(ip: Interpreter, before: list[TaskBuilder], after: list[TaskBuilder]) -> None:
    for upstream in before:
        for downstream in after:
            edges.add_edge(ip, upstream, downstream)
