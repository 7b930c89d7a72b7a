"""Going through the expressions of a statement without LibCST's visitors, which copy as they go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache

import libcst as cst

_STATEMENTS = (cst.BaseCompoundStatement, cst.SimpleStatementLine, cst.BaseSuite, cst.Lambda)


@lru_cache(maxsize=256)
def _children(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    """Fields of a node that hold nodes with code in them."""
    skipped = ("lpar", "rpar", "comma", "semicolon", "equal", "lbracket", "rbracket", "dot")
    return tuple(
        item.name
        for item in fields(kind)
        if item.name not in skipped and "whitespace" not in item.name
    )


def calls_in(node: cst.CSTNode) -> Iterator[cst.Call]:
    """The calls in an expression or simple statement, outer ones first, in the order of the text."""
    return (item for item in _inside(node) if isinstance(item, cst.Call))


def names_in(node: cst.CSTNode) -> Iterator[str]:
    """The names in an expression or simple statement, and its attributes and keywords."""
    return (item.value for item in _inside(node) if isinstance(item, cst.Name))


def _inside(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The node and all in it, in the order of the text.

    Lambdas are left out: they run when somebody calls them.
    """
    stack: list[cst.CSTNode] = [node]
    while stack:
        item = stack.pop()
        yield item
        found: list[cst.CSTNode] = []
        for name in _children(type(item)):
            value = getattr(item, name)
            parts = value if isinstance(value, (list, tuple)) else (value,)
            found += [part for part in parts if _is_entered(part.__class__)]
        stack += reversed(found)


@lru_cache(maxsize=1024)
def _is_entered(kind: type[object]) -> bool:
    """Whether values of the type are nodes to look into; asked by type, as LibCST's are abstract."""
    return issubclass(kind, cst.CSTNode) and not issubclass(kind, _STATEMENTS)


def dotted(node: cst.BaseExpression) -> list[str]:
    """`a.b.c` as its parts; empty for anything else."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return []
    return [node.value, *reversed(parts)]


def root_name(node: cst.BaseExpression) -> str | None:
    """The name that a chain of calls, attributes and items starts with."""
    while True:
        if isinstance(node, cst.Name):
            return node.value
        if isinstance(node, cst.Call):
            node = node.func
        elif isinstance(node, (cst.Attribute, cst.Subscript)):
            node = node.value
        else:
            return None


def chained_calls(call: cst.Call) -> list[cst.Call]:
    """`A.partial(…).expand(…)` and `f.override(…)(…)` as their calls, the first one first; a plain
    call is a chain of one.
    """
    chain = [call]
    while True:
        func = chain[-1].func
        inner = func.value if isinstance(func, cst.Attribute) else func
        if not isinstance(inner, cst.Call):
            return chain[::-1]
        chain.append(inner)
