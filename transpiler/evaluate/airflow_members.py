"""Members of tasks, groups, DAGs and task outputs: one table for each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from transpiler.evaluate import dags, decorated, edges, operators
from transpiler.evaluate.builders import (
    DagBuilder,
    Decorated,
    EdgeLabel,
    GroupBuilder,
    PartialOperator,
    TaskBuilder,
    XCom,
    XComList,
)
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import Builtin


def _param(ip: Interpreter, dag: DagBuilder) -> Builtin:
    """`dag.param(name, default)`, what the parameters of a `@dag` function are made of."""

    def make(site: CallSite, name: Any, *default: Any, **given: Any) -> Any:
        value = default[0] if default else given.get("default")
        if isinstance(name, str) and (default or "default" in given):
            dags.set_param(site, dag.arguments, name, value)
        return dags.dag_param(site, name, value)

    return Builtin("param", make, wants_site=True)


def _enter(ip: Interpreter, value: DagBuilder | GroupBuilder) -> Builtin:
    def enter() -> Any:
        if isinstance(value, DagBuilder):
            value.registered = True
            ip.dag_stack.append(value)
        else:
            ip.group_stack.append(value)
        return value

    return Builtin("__enter__", enter)


def _exit(ip: Interpreter, value: DagBuilder | GroupBuilder) -> Builtin:
    def leave(*error: Any) -> None:
        stack: list[Any] = ip.dag_stack if isinstance(value, DagBuilder) else ip.group_stack
        if stack and stack[-1] is value:
            stack.pop()

    return Builtin("__exit__", leave)


def _get_task(ip: Interpreter, dag: DagBuilder) -> Builtin:
    def get(task_id: Any) -> TaskBuilder:
        if task_id not in dag.tasks:
            raise DagCodeError("TaskNotFound", f"Task {task_id} not found")
        return dag.tasks[task_id]

    return Builtin("get_task", get)


def _child(ip: Interpreter, group: GroupBuilder) -> Builtin:
    def get(label: Any) -> Any:
        for child in group.children:
            found = child.label if isinstance(child, GroupBuilder) else child.task_id
            if found in (label, group.child_id(label)):
                return child
        raise DagCodeError("KeyError", repr(label))

    return Builtin("get_child_by_label", get)


def _as_setup(ip: Interpreter, value: Any) -> Builtin:
    task = value.task if isinstance(value, XCom) else value

    def mark() -> Any:
        task.is_setup = True
        return value

    return Builtin("as_setup", mark)


def _as_teardown(ip: Interpreter, value: Any) -> Builtin:
    task = value.task if isinstance(value, XCom) else value

    def mark(setups: Any = (), on_failure_fail_dagrun: Any = False) -> Any:
        operators.make_teardown(task)
        if on_failure_fail_dagrun:
            operators.set_argument(task, "on_failure_fail_dagrun", on_failure_fail_dagrun)
        for setup in edges.tails(setups):
            setup.is_setup = True
            edges.add_edge(ip, setup, task)
        return value

    return Builtin("as_teardown", mark)


def _map(ip: Interpreter, output: XCom | XComList) -> Builtin:
    return Builtin("map", lambda f: XComList("map", (_whole(output),), f))


def _zip(ip: Interpreter, output: XCom | XComList) -> Builtin:
    def join(*others: Any, **fill: Any) -> XComList:
        sources = tuple(_whole(one) for one in (output, *others))
        return XComList("zip", sources, None, fill.get("fillvalue"), "fillvalue" in fill)

    return Builtin("zip", join)


def _concat(ip: Interpreter, output: XCom | XComList) -> Builtin:
    def join(*others: Any) -> XComList:
        return XComList("concat", tuple(_whole(one) for one in (output, *others)))

    return Builtin("concat", join)


def _whole(output: Any) -> XCom | XComList:
    """The output, sure to be a task's whole result as `PlainXComArg.map` asks for."""
    if isinstance(output, XCom) and output.key != "return_value":
        raise DagCodeError("ValueError", "cannot map against non-return XCom")
    if not isinstance(output, (XCom, XComList)):
        raise DagCodeError("TypeError", "only outputs of tasks can be joined")
    return output


_LISTS: dict[str, Callable[[Interpreter, Any], Any]] = {"map": _map, "zip": _zip, "concat": _concat}


def _nothing(name: str) -> Any:
    return lambda ip, value: Builtin(name, lambda *a, **k: None)


def _add_task(ip: Interpreter, dag: DagBuilder) -> Builtin:
    return Builtin("add_task", lambda task: operators.join_dag(ip, task, dag))


def _add_tasks(ip: Interpreter, dag: DagBuilder) -> Builtin:
    def add(tasks: Any) -> None:
        for task in tasks:
            operators.join_dag(ip, task, dag)

    return Builtin("add_tasks", add)


def _dag_task(ip: Interpreter, dag: DagBuilder) -> Builtin:
    def decorate(site: CallSite, *args: Any, **kwargs: Any) -> Any:
        from transpiler.evaluate import taskflow

        return taskflow.decorate(site, "airflow.decorators.task", args, {**kwargs, "dag": dag})

    return Builtin("task", decorate, wants_site=True)


def _upstream(ip: Interpreter, task: TaskBuilder) -> list[TaskBuilder]:
    return list(task.upstream)


def _downstream(ip: Interpreter, task: TaskBuilder) -> list[TaskBuilder]:
    return [t for t in (task.dag.tasks.values() if task.dag else ()) if task in t.upstream]


def _relatives(name: str) -> Callable[[Interpreter, TaskBuilder], Builtin]:
    """`get_direct_relatives(upstream=…)` and its three siblings."""

    def method(ip: Interpreter, task: TaskBuilder) -> Builtin:
        def get(upstream: Any = False) -> Any:
            step = _upstream if upstream else _downstream
            found = list(step(ip, task))
            if "flat" in name:
                for one in found:  # the list grows as the loop runs
                    found.extend(other for other in step(ip, one) if other not in found)
            return {one.task_id for one in found} if name.endswith("ids") else found

        return Builtin(name, get)

    return method


_RELATIVES = {
    f"get_{kind}_{what}": _relatives(f"get_{kind}_{what}")
    for kind in ("direct", "flat")
    for what in ("relatives", "relative_ids")
}

TABLES: dict[type, dict[str, Callable[[Interpreter, Any], Any]]] = {
    TaskBuilder: {
        "task_id": lambda ip, t: t.task_id,
        "dag": lambda ip, t: t.dag,
        "dag_id": lambda ip, t: t.dag.dag_id if t.dag else None,
        "task_group": lambda ip, t: t.group,
        "label": lambda ip, t: (
            t.task_id.removeprefix(f"{t.group.group_id}.") if t.group else t.task_id
        ),
        "output": lambda ip, t: XCom(t),
        "upstream_list": _upstream,
        "downstream_list": _downstream,
        "upstream_task_ids": lambda ip, t: {u.task_id for u in t.upstream},
        "downstream_task_ids": lambda ip, t: {d.task_id for d in _downstream(ip, t)},
        "node_id": lambda ip, t: t.task_id,
        "roots": lambda ip, t: [t],
        "leaves": lambda ip, t: [t],
        **_RELATIVES,
        "as_setup": _as_setup,
        "as_teardown": _as_teardown,
    },
    XCom: {
        "operator": lambda ip, x: x.task,
        **_LISTS,
        "as_setup": _as_setup,
        "as_teardown": _as_teardown,
        "key": lambda ip, x: x.key,
    },
    XComList: _LISTS,
    GroupBuilder: {
        "group_id": lambda ip, g: g.group_id,
        "children": lambda ip, g: {
            c.group_id if isinstance(c, GroupBuilder) else c.task_id: c for c in g.children
        },
        "get_child_by_label": _child,
        "dag": lambda ip, g: g.dag,
        "label": lambda ip, g: g.label,
        "tooltip": lambda ip, g: g.tooltip,
        "parent_group": lambda ip, g: g.parent,
        "roots": lambda ip, g: g.roots(),
        "leaves": lambda ip, g: g.leaves(),
        "get_roots": lambda ip, g: Builtin("get_roots", g.roots),
        "get_leaves": lambda ip, g: Builtin("get_leaves", g.leaves),
        "__enter__": _enter,
        "__exit__": _exit,
    },
    DagBuilder: {
        "__enter__": _enter,
        "__exit__": _exit,
        "dag_id": lambda ip, d: d.dag_id,
        "tasks": lambda ip, d: list(d.tasks.values()),
        "task_ids": lambda ip, d: list(d.tasks),
        "task_dict": lambda ip, d: dict(d.tasks),
        "roots": lambda ip, d: [t for t in d.tasks.values() if not t.upstream],
        "leaves": lambda ip, d: [t for t in d.tasks.values() if not _downstream(ip, t)],
        "task_group": lambda ip, d: d.root,
        "get_task": _get_task,
        "task_count": lambda ip, d: len(d.tasks),
        "has_task": lambda ip, d: Builtin("has_task", lambda name: name in d.tasks),
        "default_args": lambda ip, d: operators.handed_out(d),
        "add_task": _add_task,
        "add_tasks": _add_tasks,
        "task": _dag_task,
        "param": _param,
        "cli": _nothing("cli"),
        "test": _nothing("test"),
        "run": _nothing("run"),
        "clear": _nothing("clear"),
    },
    Decorated: decorated.ATTRIBUTES,
    PartialOperator: decorated.PARTIAL_ATTRIBUTES,
    EdgeLabel: {"label": lambda ip, e: e.text},
}
