"""Comparisons, of plain data and of the evaluator's objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import libcst as cst

from transpiler.evaluate import operations
from transpiler.evaluate.edges import is_node
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.interpreter import Interpreter
from transpiler.evaluate.iterators import take_up_to
from transpiler.evaluate.objects import Instance
from transpiler.evaluate.truth import OneShot, is_plain, is_unknown

_EQUAL = cst.Equal()


@dataclass(frozen=True)
class _Member:
    """A member of an enumeration, which equals only itself."""

    instance: Any


def comparison(ip: Interpreter, node: cst.Comparison, frame: Frame) -> Any:
    """`a < b <= c`, membership and identity."""
    from transpiler.evaluate.expressions import evaluate

    left = evaluate(ip, node.left, frame)
    for target in node.comparisons:
        right = evaluate(ip, target.comparator, frame)
        looked_at = right
        if not isinstance(target.operator, (cst.Is, cst.IsNot)):
            left, right = comparable(left), comparable(right)
        if isinstance(target.operator, (cst.In, cst.NotIn)):
            right = _with_comparable_items(right)
        if isinstance(target.operator, (cst.Is, cst.IsNot)):
            if is_unknown(left) or is_unknown(right):
                return ip.symbolic(node, frame, "a compared value is not known")
        elif not (is_plain(left) and is_plain(right)) and not _comparable(
            target.operator, left, right
        ):
            return ip.symbolic(node, frame, "a compared value is not known")
        holds = operations.compare(target.operator, left, right)
        if isinstance(looked_at, OneShot) and isinstance(target.operator, (cst.In, cst.NotIn)):
            take_up_to(ip, looked_at, left)
        if not holds:
            return False
        left = right
    return True


def equal(left: Any, right: Any, node: cst.CSTNode) -> bool | None:
    """Whether two values are equal; None where that is not known."""
    left, right = comparable(left), comparable(right)
    # Either may be the member of an enumeration.
    settled = is_plain(left) and is_plain(right)
    if not any((settled, _comparable(_EQUAL, left, right), _comparable(_EQUAL, right, left))):
        return None
    return bool(operations.attempt(lambda: left == right, node))


def comparable(value: Any) -> Any:
    """An object of the project as a value that compares as it does; others as they are."""
    if not isinstance(value, Instance):
        return value
    if value.cls.is_enum:
        text = value.attributes.get("value")
        return text if value.cls.is_text and isinstance(text, str) else _Member(value)
    if value.cls.is_dataclass:
        fields = tuple(value.attributes.get(name) for name in value.cls.field_names())
        if is_plain(fields):
            return fields if value.cls.is_tuple else (id(value.cls), fields)
    return value


def _with_comparable_items(container: Any) -> Any:
    if isinstance(container, (list, tuple, set, frozenset, dict)) and any(
        isinstance(item, Instance) for item in container
    ):
        return [comparable(item) for item in container]
    return container


def _comparable(op: cst.CSTNode, left: Any, right: Any) -> bool:
    """Membership in a container of known keys, and identity of evaluator objects, need no full
    knowledge.
    """
    if isinstance(op, (cst.In, cst.NotIn)):
        if is_node(left):
            return isinstance(right, (list, tuple, dict))
        if isinstance(right, list) and all(_is_settled(item) for item in (left, *right)):
            return True
        return is_plain(left) and isinstance(right, dict) and all(map(is_plain, right))
    return (is_node(left) and is_node(right)) or (
        isinstance(left, _Member) and (isinstance(right, _Member) or is_plain(right))
    )


def _is_settled(value: Any) -> bool:
    return isinstance(value, _Member) or is_plain(value)
