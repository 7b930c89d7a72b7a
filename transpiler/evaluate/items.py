"""Items and slices: what stands between brackets, and what it gives."""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate import operations
from transpiler.evaluate.access import NamespaceDict, attribute
from transpiler.evaluate.builders import DagBuilder, GroupBuilder, TaskBuilder, XCom
from transpiler.evaluate.comprehensions import iterate
from transpiler.evaluate.errors import DagCodeError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import CallSite, Interpreter
from transpiler.evaluate.objects import Builtin, DefaultDict, Instance, UserClass
from transpiler.evaluate.truth import is_class_name, is_plain
from transpiler.model.values import Ref


def subscript_key(ip: Interpreter, node: cst.Subscript, frame: Frame) -> Any:
    """The key or slice between the brackets."""
    from transpiler.evaluate.expressions import evaluate

    keys = []
    for element in node.slice:
        part = element.slice
        if isinstance(part, cst.Index):
            keys.append(evaluate(ip, part.value, frame))
        elif isinstance(part, cst.Slice):
            bounds = [
                evaluate(ip, bound, frame) if bound is not None else None
                for bound in (part.lower, part.upper, part.step)
            ]
            keys.append(
                slice(*bounds)
                if all(b is None or isinstance(b, int) for b in bounds)
                else bounds[0]
            )
    return (
        keys[0]
        if len(keys) == 1 and not isinstance(node.slice[0].comma, cst.Comma)
        else tuple(keys)
    )


def _by_object(
    ip: Interpreter, container: dict[Any, Any], key: Any, node: cst.Subscript, frame: Frame
) -> Any:
    """An item of a dictionary whose keys are members of an enumeration."""
    from transpiler.evaluate.comparisons import comparable

    for known, value in container.items():
        if known is key or (is_plain(comparable(key)) and comparable(known) == comparable(key)):
            return value
    return ip.symbolic(node, frame, "the key is not known to be there")


def item(ip: Interpreter, container: Any, key: Any, node: cst.Subscript, frame: Frame) -> Any:
    """`container[key]`."""
    from transpiler.evaluate import airflow_objects

    if isinstance(container, (XCom, TaskBuilder, GroupBuilder, DagBuilder)):
        return airflow_objects.item(ip, container, key, node, frame)
    if isinstance(container, NamespaceDict):
        if key in container.frame.names:
            return container.frame.names[key]
        raise DagCodeError("KeyError", repr(key), node)
    if isinstance(container, UserClass) and container.is_enum and isinstance(key, str):
        return attribute(ip, container, key, node, frame)
    if isinstance(container, Ref) and not is_class_name(container):
        return ip.symbolic(node, frame, "it is an item of a value that is not known")
    if isinstance(container, (Ref, UserClass, Builtin)):
        return container  # a generic type
    if isinstance(container, Instance) and container.cls.is_tuple:
        container = tuple(iterate(ip, container, node, frame) or ())
    makes = isinstance(container, DefaultDict) and container.factory is not None
    if makes and isinstance(key, Instance):
        return _default_item(ip, container, key, node, frame)
    if isinstance(container, dict) and any(isinstance(k, Instance) for k in container):
        return _by_object(ip, container, key, node, frame)
    indexable = isinstance(container, (dict, list, tuple, str, bytes, range))
    if not indexable or not (is_plain(key) or isinstance(key, slice)):
        return ip.symbolic(node, frame, "it is an item of a value that is not known")
    if makes:
        return _default_item(ip, container, key, node, frame)
    return operations.attempt(lambda: container[key], node)


def _default_item(
    ip: Interpreter, container: DefaultDict, key: Any, node: cst.Subscript, frame: Frame
) -> Any:
    from transpiler.evaluate.invoke import call_value

    missing = operations.attempt(lambda: key not in container, node)
    if missing:
        ip.mutate(container)
        container[key] = call_value(ip, container.factory, (), {}, CallSite(ip, node, frame))
        ip.budget.fits(len(container))
    return container[key]
