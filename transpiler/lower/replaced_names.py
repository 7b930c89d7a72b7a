"""Code in place of names."""

from __future__ import annotations

import libcst as cst

_CLOSED = (cst.Name, cst.SimpleString, cst.FormattedString, cst.Call, cst.Subscript, cst.Attribute,
           cst.List, cst.Tuple, cst.Dict)  # fmt: skip
"""Expressions that mean the same wherever a name may stand."""


def replace_names(node: cst.BaseExpression, texts: dict[str, str]) -> cst.BaseExpression:
    """The expression with code in place of names; names of attributes and keywords stay."""
    replaced = node.visit(_Replacer(texts))
    assert isinstance(replaced, cst.BaseExpression)
    return replaced


class _Replacer(cst.CSTTransformer):
    def __init__(self, texts: dict[str, str]) -> None:
        super().__init__()
        self._texts = texts

    def leave_Attribute(
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.Attribute:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        text = self._texts.get(original_node.value)
        if text is None:
            return updated_node
        node = cst.parse_expression(text)
        return node if isinstance(node, _CLOSED) else cst.parse_expression(f"({text})")
