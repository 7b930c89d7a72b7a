"""Assignment to names, attributes, items and patterns of them."""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate import access, items, operations
from transpiler.evaluate.builders import TaskBuilder
from transpiler.evaluate.classes import Property
from transpiler.evaluate.comprehensions import iterate
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.objects import Instance, UserClass
from transpiler.model.values import Symbolic


def assign(
    ip: Interpreter,
    target: cst.CSTNode,
    value: Any,
    frame: Frame,
    statement: cst.SimpleStatementLine | None = None,
) -> None:
    """Bind the target; `statement` where the whole statement is `name = expression`."""
    if isinstance(target, cst.Name):
        frame.bind(target.value, value, statement)
    elif isinstance(target, (cst.Tuple, cst.List)):
        _unpack(ip, target, value, frame)
    elif isinstance(target, cst.Attribute):
        _set_attribute(ip, target, value, frame)
    elif isinstance(target, cst.Subscript):
        _set_item(ip, target, value, frame)
    elif isinstance(target, cst.StarredElement):
        assign(ip, target.value, value, frame)


def _unpack(ip: Interpreter, target: cst.Tuple | cst.List, value: Any, frame: Frame) -> None:
    items = iterate(ip, value, target, frame)
    elements = list(target.elements)
    if items is None:
        unknown = Symbolic(ip.code(target, frame), "it unpacks a value that is not known")
        for element in elements:
            assign(ip, element.value, unknown, frame)
        return
    starred = [i for i, e in enumerate(elements) if isinstance(e, cst.StarredElement)]
    if len(items) < len(elements) - len(starred) or (not starred and len(items) > len(elements)):
        raise DagCodeError("ValueError", f"{len(items)} values for {len(elements)} names", target)
    if starred:
        at = starred[0]
        rest = len(items) - (len(elements) - at - 1)
        items = [*items[:at], items[at:rest], *items[rest:]]
    for element, item in zip(elements, items, strict=True):
        assign(ip, element.value, item, frame)


def _set_attribute(ip: Interpreter, target: cst.Attribute, value: Any, frame: Frame) -> None:
    from transpiler.evaluate import airflow_objects
    from transpiler.evaluate.expressions import evaluate

    owner = evaluate(ip, target.value, frame)
    name = target.attr.value
    if isinstance(owner, Instance):
        set_instance_attribute(ip, owner, name, value, target, frame)
    elif isinstance(owner, UserClass):
        ip.mutate(owner.namespace)
        owner.namespace[name] = value
    else:
        taken = airflow_objects.set_attribute(ip, owner, name, value, target, frame)
        if not taken and isinstance(owner, TaskBuilder):
            owner.attributes[name] = value


def set_instance_attribute(
    ip: Interpreter, owner: Instance, name: str, value: Any, node: cst.BaseExpression, frame: Frame
) -> None:
    """`owner.name = value`: the setter of a property, or the attribute."""
    from transpiler.evaluate.invoke import call_function

    try:
        member = owner.cls.lookup(name)
    except KeyError:
        member = None
    if isinstance(member, Property) and member.setter is not None:
        call_function(ip, member.setter, (owner, value), {}, node, frame, owner.cls, owner)
        return
    if owner.cls.has("__setattr__"):
        text = f"{owner.cls.name}.__setattr__ is not evaluated; {name} is taken as it is assigned"
        ip.report("D2Z116", node, frame, text)
    ip.mutate(owner.attributes)
    owner.attributes[name] = value


def call_hook(
    ip: Interpreter,
    owner: Instance,
    name: str,
    args: tuple[Any, ...],
    node: cst.BaseExpression,
    frame: Frame,
) -> None:
    """`owner[key] = value` and `del owner[key]`. Raises TypeError as Python does."""
    from transpiler.evaluate.invoke import call_function

    if owner.cls.has(name):
        function = owner.cls.lookup(name)
        call_function(ip, function, (owner, *args), {}, node, frame, owner.cls, owner)
    elif all(isinstance(item, UserClass) for item in owner.cls.mro()):
        text = f"'{owner.cls.name}' object does not support {name}"
        raise DagCodeError("TypeError", text, node)
    else:
        text = f"{name} of a class outside the project is not evaluated"
        ip.report("D2Z116", node, frame, text)


def _set_item(ip: Interpreter, target: cst.Subscript, value: Any, frame: Frame) -> None:
    from transpiler.evaluate.expressions import evaluate

    container = evaluate(ip, target.value, frame)
    key = items.subscript_key(ip, target, frame)
    if isinstance(container, access.NamespaceDict):
        if isinstance(key, str):
            container.frame.bind(key, value)
    elif isinstance(container, Instance):
        call_hook(ip, container, "__setitem__", (key, value), target, frame)
    elif isinstance(container, (dict, list)):
        ip.budget.weight(value)
        ip.mutate(container)
        operations.attempt(lambda: container.__setitem__(key, value), target)
