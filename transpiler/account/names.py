"""Names that statements bind and are called by, and the parts of compound statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from transpiler.account.nodes import dotted

_WORDS: dict[type[cst.CSTNode], str] = {
    cst.If: "if",
    cst.For: "for",
    cst.While: "while",
    cst.With: "with",
    cst.Try: "try",
    cst.TryStar: "try",
    cst.Match: "match",
    cst.Return: "return",
    cst.Raise: "raise",
    cst.Assert: "assert",
    cst.Pass: "pass",
    cst.Break: "break",
    cst.Continue: "continue",
    cst.Del: "del",
    cst.Global: "global",
    cst.Nonlocal: "nonlocal",
}


def is_text(node: cst.CSTNode | None) -> bool:
    """Whether the expression is a plain string."""
    return isinstance(node, (cst.SimpleString, cst.ConcatenatedString))


def bound_names(node: cst.BaseSmallStatement) -> list[str]:
    """Plain names that an assignment binds."""
    if isinstance(node, cst.Assign):
        return [name for target in node.targets for name in _names(target.target)]
    if isinstance(node, cst.AnnAssign):
        return _names(node.target)
    return []


def _names(target: cst.BaseExpression) -> list[str]:
    if isinstance(target, cst.Name):
        return [target.value]
    if isinstance(target, (cst.Tuple, cst.List)):
        return [name for element in target.elements for name in _names(element.value)]
    return []


def statement_name(node: cst.CSTNode) -> str:
    """How a statement or call is called in a list: its keyword, target or function."""
    if type(node) in _WORDS:
        return _WORDS[type(node)]
    if isinstance(node, cst.Expr):
        return statement_name(node.value)
    if isinstance(node, cst.Call):
        return ".".join(dotted(node.func)) or "call"
    if isinstance(node, cst.Assign):
        return ".".join(dotted(node.targets[0].target)) or "assignment"
    if isinstance(node, (cst.AnnAssign, cst.AugAssign)):
        return ".".join(dotted(node.target)) or "assignment"
    return "expression"


def heads(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The expressions in the head of a compound statement."""
    if isinstance(node, cst.With):
        return list(node.items)
    found = (getattr(node, name, None) for name in ("test", "iter", "subject"))
    return [part for part in found if part is not None]


def bodies(node: cst.CSTNode) -> Iterator[Sequence[cst.CSTNode]]:
    """The blocks of a compound statement, in order; an `elif` is a block with one statement."""
    for name in ("body", "cases", "handlers", "orelse", "finalbody"):
        part = getattr(node, name, None)
        if isinstance(part, cst.If):
            yield [part]
        elif isinstance(part, cst.BaseSuite):
            yield part.body
        elif isinstance(part, cst.CSTNode):
            yield from bodies(part)
        elif part is not None:
            for one in part:
                yield from bodies(one)
