"""Attributes and items of tasks, groups, DAGs and task outputs."""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate import airflow_members, dag_subclasses, edges, operators, subclasses
from transpiler.evaluate.builders import (
    DagBuilder,
    Decorated,
    EdgeLabel,
    GroupBuilder,
    PartialOperator,
    TaskBuilder,
    XCom,
)
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import BoundMethod, Builtin, UserFunction
from transpiler.model.dag import Argument
from transpiler.model.values import Ref


def attribute(
    ip: Interpreter, value: Any, name: str, node: cst.BaseExpression, frame: Frame
) -> Any:
    """`value.name` of an Airflow object; not known where the name is not one that builds structure."""
    common = _relation(value, name)
    if common is not None:
        return common
    table = airflow_members.TABLES[type(value)]
    if name in table:
        return table[name](ip, value)
    if isinstance(value, TaskBuilder):
        return _task_attribute(ip, value, name, node, frame)
    if isinstance(value, (DagBuilder, GroupBuilder)):
        if name in value.attributes:
            return value.attributes[name]
        member = _class_member(value, name)
        if member is not None:
            return member
    if isinstance(value, DagBuilder) and name in value.arguments:
        return value.arguments[name].value
    return ip.symbolic(node, frame, f"the attribute {name} is known only to Airflow")


def _class_member(value: DagBuilder | GroupBuilder, name: str) -> Any:
    """A method or attribute that the project's subclass defines."""
    try:
        member = value.cls.lookup(name) if value.cls is not None else None
    except KeyError:
        return None
    return BoundMethod(member, value) if isinstance(member, UserFunction) else member


def _relation(value: Any, name: str) -> Builtin | None:
    if name not in ("set_upstream", "set_downstream") or isinstance(
        value, (DagBuilder, Decorated, PartialOperator)
    ):
        return None

    def relate(site: CallSite, other: Any, *rest: Any, edge_modifier: Any = None, **_: Any) -> None:
        label = edge_modifier if isinstance(edge_modifier, EdgeLabel) else None
        edges.check_operand(site.ip, other, site.node, site.frame)
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
        ip.mutate(owner.arguments)
        owner.arguments[name] = Argument(name, value, ip.span(node, frame))
        edges.data_edges(ip, owner, [value])
        return True
    if isinstance(owner, GroupBuilder) or (
        isinstance(owner, DagBuilder) and frame.receiver is owner
    ):
        owner.attributes[name] = value
        return True
    if isinstance(owner, DagBuilder):
        ip.mutate(owner.arguments)
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
    if name == "__init__" and isinstance(receiver, (DagBuilder, GroupBuilder)):
        return dag_subclasses.base_init(receiver)
    return (
        Builtin(name, lambda *a, **k: None)
        if name == "__init__"
        else Ref(f"{base.qualified_name}.{name}")
    )
