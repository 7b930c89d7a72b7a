"""Texts that Python code spells out."""

from __future__ import annotations

import libcst as cst

_MAX_PARTS = 200


def text_of(node: cst.CSTNode | None) -> str | None:
    """The text of a string or bytes literal, of adjacent ones, or of literals joined by `+`; None
    for anything else.
    """
    parts: list[str] = []
    return "".join(parts) if node is not None and _collect(node, parts) else None


def _collect(node: cst.CSTNode, parts: list[str]) -> bool:
    """Add the literals of an expression in order; False where it has anything else."""
    pending = [node]
    while pending and len(parts) < _MAX_PARTS:
        current = pending.pop()
        if isinstance(current, cst.SimpleString):
            value = current.evaluated_value
            parts.append(value.decode("latin-1") if isinstance(value, bytes) else value)
        elif (
            isinstance(current, (cst.ConcatenatedString,))
            or isinstance(current, cst.BinaryOperation)
            and isinstance(current.operator, cst.Add)
        ):
            pending += [current.right, current.left]
        else:
            return False
    return not pending
