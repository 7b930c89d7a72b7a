"""Attributes and items of tasks, groups, DAGs and task outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import libcst as cst

from transpiler.evaluate import decorated, edges, operators, subclasses
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import (
    BoundMethod,
    Builtin,
    DagBuilder,
    Decorated,
    EdgeLabel,
    GroupBuilder,
    PartialOperator,
    TaskBuilder,
    UserFunction,
    XCom,
)
from transpiler.model.dag import Argument
from transpiler.model.values import Ref


def attribute(
    ip: Interpreter, value: Any, name: str, node: cst.BaseExpression, frame: Frame
) -> Any:
    """`value.name` of an Airflow object; not known where the name is not one that builds structure."""
    common = _relation(value, name)
    if common is not None:
        return common
    table = _TABLES[type(value)]
    if name in table:
        return table[name](ip, value)
    if isinstance(value, TaskBuilder):
        return _task_attribute(ip, value, name, node, frame)
    if isinstance(value, DagBuilder) and name in value.arguments:
        return value.arguments[name].value
    return ip.symbolic(node, frame, f"the attribute {name} is known only to Airflow")


def _relation(value: Any, name: str) -> Builtin | None:
    if name not in ("set_upstream", "set_downstream") or isinstance(
        value, (DagBuilder, Decorated, PartialOperator)
    ):
        return None

    def relate(site: CallSite, other: Any, *rest: Any, edge_modifier: Any = None, **_: Any) -> None:
        label = edge_modifier if isinstance(edge_modifier, EdgeLabel) else None
        left, right = (other, value) if name == "set_upstream" else (value, other)
        if label is not None:
            edges.connect(site.ip, left, label)
            left = label
        edges.connect(site.ip, left, right)

    return Builtin(name, relate, wants_site=True)


def _task_attribute(
    ip: Interpreter, task: TaskBuilder, name: str, node: cst.BaseExpression, frame: Frame
) -> Any:
    if name in task.attributes and not name.startswith("#"):
        return task.attributes[name]
    if name in task.arguments:
        return task.arguments[name].value
    if task.cls is not None:
        try:
            member = task.cls.lookup(name)
        except KeyError:
            return ip.symbolic(node, frame, f"the attribute {name} is known only to Airflow")
        return BoundMethod(member, task) if isinstance(member, UserFunction) else member
    return ip.symbolic(node, frame, f"the attribute {name} is known only to Airflow")


def set_attribute(
    ip: Interpreter, owner: Any, name: str, value: Any, node: cst.Attribute, frame: Frame
) -> bool:
    """`owner.name = value`; True where the object takes it as one of its arguments."""
    if isinstance(owner, XCom):
        owner = owner.task
    if isinstance(owner, TaskBuilder):
        if name == "dag" and isinstance(value, DagBuilder):
            operators.join_dag(ip, owner, value)
            return True
        if not owner.ready or (
            owner.cls is not None and frame.receiver is owner and name not in owner.arguments
        ):
            return False
        owner.arguments[name] = Argument(name, value, ip.span(node, frame))
        return True
    if isinstance(owner, DagBuilder):
        owner.arguments[name] = Argument(name, value, ip.span(node, frame), "dag")
        return True
    return False


def item(ip: Interpreter, container: Any, key: Any, node: cst.Subscript, frame: Frame) -> Any:
    """`output["key"]` and friends."""
    if isinstance(container, XCom) and isinstance(key, str) and container.key == "return_value":
        return XCom(container.task, key)
    return ip.symbolic(node, frame, "the item is known only at run time")


def base_member(receiver: Any, base: Ref, name: str) -> Any:
    """A member that `super()` finds in a class outside the project."""
    if name == "__init__" and isinstance(receiver, TaskBuilder):
        return subclasses.base_init(receiver)
    return (
        Builtin(name, lambda *a, **k: None)
        if name == "__init__"
        else Ref(f"{base.qualified_name}.{name}")
    )


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
        for setup in edges.tails(setups):
            setup.is_setup = True
            edges.add_edge(ip, setup, task)
        return value

    return Builtin("as_teardown", mark)


def _xcom_list(name: str) -> Any:
    """`.map`, `.zip`, `.concat`: lazily evaluated at run time, so the result is still that task's
    output.
    """
    return lambda ip, output: Builtin(name, lambda *a, **k: output)


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


_TABLES: dict[type, dict[str, Callable[[Interpreter, Any], Any]]] = {
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
        "as_setup": _as_setup,
        "as_teardown": _as_teardown,
    },
    XCom: {
        "operator": lambda ip, x: x.task,
        "map": _xcom_list("map"),
        "zip": _xcom_list("zip"),
        "concat": _xcom_list("concat"),
        "as_setup": _as_setup,
        "as_teardown": _as_teardown,
        "key": lambda ip, x: x.key,
    },
    GroupBuilder: {
        "group_id": lambda ip, g: g.group_id,
        "children": lambda ip, g: {
            c.group_id if isinstance(c, GroupBuilder) else c.task_id: c for c in g.children
        },
        "get_child_by_label": _child,
        "dag": lambda ip, g: g.dag,
    },
    DagBuilder: {
        "dag_id": lambda ip, d: d.dag_id,
        "tasks": lambda ip, d: list(d.tasks.values()),
        "task_ids": lambda ip, d: list(d.tasks),
        "task_dict": lambda ip, d: dict(d.tasks),
        "roots": lambda ip, d: [t for t in d.tasks.values() if not t.upstream],
        "leaves": lambda ip, d: [t for t in d.tasks.values() if not _downstream(ip, t)],
        "task_group": lambda ip, d: d.root,
        "get_task": _get_task,
        "has_task": lambda ip, d: Builtin("has_task", lambda name: name in d.tasks),
        "default_args": lambda ip, d: {n: a.value for n, a in d.default_args.items()},
        "add_task": _add_task,
        "add_tasks": _add_tasks,
        "task": _dag_task,
        "cli": _nothing("cli"),
        "test": _nothing("test"),
        "run": _nothing("run"),
        "clear": _nothing("clear"),
    },
    Decorated: decorated.ATTRIBUTES,
    PartialOperator: decorated.PARTIAL_ATTRIBUTES,
    EdgeLabel: {"label": lambda ip, e: e.text},
}
