"""The source expressions of the parts of a value, where value and source have the same shape.

Emitting a part as it was written keeps constants and loop variables alive, where a literal would
freeze them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import libcst as cst

from transpiler.model.dag import SourceExpression
from transpiler.model.values import Call


def part(source: SourceExpression, node: cst.BaseExpression) -> SourceExpression:
    """An expression inside another one."""
    return SourceExpression(node, source.scope, source.tree)


def item_sources(
    items: Sequence[Any], source: SourceExpression | None
) -> list[SourceExpression | None]:
    """The source of each item of a list or tuple; None where it was not written in place."""
    nodes = _item_nodes(source.node) if source else None
    if source is None or nodes is None or len(nodes) != len(items):
        return [None] * len(items)
    return [part(source, node) for node in nodes]


def _item_nodes(node: cst.BaseExpression) -> list[cst.BaseExpression] | None:
    if not isinstance(node, (cst.List, cst.Tuple)):
        return None
    if any(isinstance(element, cst.StarredElement) for element in node.elements):
        return None
    return [element.value for element in node.elements]


def entry_sources(
    entries: dict[Any, Any], source: SourceExpression | None
) -> dict[Any, SourceExpression | None]:
    """The source of each value of a dict by its key; None where it was not written in place."""
    nodes = _entry_nodes(source.node) if source else None
    if source is None or nodes is None or len(nodes) != len(entries):
        return dict.fromkeys(entries)
    return {key: part(source, node) for key, node in zip(entries, nodes, strict=True)}


def _entry_nodes(node: cst.BaseExpression) -> list[cst.BaseExpression] | None:
    if not isinstance(node, cst.Dict):
        return None
    elements = [element for element in node.elements if isinstance(element, cst.DictElement)]
    return [element.value for element in elements] if len(elements) == len(node.elements) else None


def keyword_sources(
    call: Call, source: SourceExpression | None
) -> dict[str, SourceExpression | None]:
    """The source of each keyword argument of a call; None where it was not written in place."""
    if source is None or not isinstance(source.node, cst.Call):
        return dict.fromkeys(call.kwargs)
    nodes = {arg.keyword.value: arg.value for arg in source.node.args if arg.keyword is not None}
    if set(nodes) != set(call.kwargs):
        return dict.fromkeys(call.kwargs)
    return {name: part(source, nodes[name]) for name in call.kwargs}
