"""One f-string from several texts and expressions of the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from transpiler.model.dag import Group, SourceExpression

Part = str | SourceExpression


def group_parts(group: Group | None, groups: Mapping[str, Group]) -> list[Part]:
    """What stands before the id of a task in the group, with the dot; nothing where the group gives no prefix."""
    if group is None or not group.prefix:
        return []
    return [*_own_parts(group, groups), "."]


def _own_parts(group: Group, groups: Mapping[str, Group]) -> list[Part]:
    label: Part = group.label_source if group.label_source is not None else group.label
    return [*group_parts(groups.get(group.parent or ""), groups), label]


def joined(parts: Sequence[Part], like: SourceExpression) -> SourceExpression | None:
    """An f-string of the parts; None where one of them cannot stand in it.

    `like` gives module and scope; a part of another scope is refused.
    """
    nodes: list[cst.BaseFormattedStringContent] = []
    for part in parts:
        found = _content(part, like)
        if found is None:
            return None
        nodes.extend(found)
    return SourceExpression(cst.FormattedString(nodes), like.scope, like.tree)


def _content(part: Part, like: SourceExpression) -> Sequence[cst.BaseFormattedStringContent] | None:
    if isinstance(part, str):
        return [cst.FormattedStringText(_plain(part))] if part else []
    node = part.node
    if part.scope is not like.scope:
        return None
    if isinstance(node, cst.SimpleString):
        text = node.evaluated_value
        return [cst.FormattedStringText(_plain(text))] if isinstance(text, str) else None
    if isinstance(node, cst.Name):
        return [cst.FormattedStringExpression(node)]
    if not isinstance(node, cst.FormattedString) or "r" in node.prefix.lower() or len(node.end) > 1:
        return None
    inside = "".join(like.tree.code_for_node(part) for part in node.parts)
    return None if '"' in inside else node.parts


def _plain(text: str) -> str:
    """Text for the inside of an f-string; ids have no quotes or backslashes."""
    return text.replace("{", "{{").replace("}", "}}")
