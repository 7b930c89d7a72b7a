"""Python's operators on known values, refusing results that would grow without bound."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import Any

import libcst as cst

from transpiler.evaluate.errors import DagCodeError, LimitReached
from transpiler.evaluate.limits import Budget

_BINARY: dict[type[cst.CSTNode], Callable[[Any, Any], Any]] = {
    cst.Add: operator.add,
    cst.AddAssign: operator.add,
    cst.Subtract: operator.sub,
    cst.SubtractAssign: operator.sub,
    cst.Multiply: operator.mul,
    cst.MultiplyAssign: operator.mul,
    cst.Divide: operator.truediv,
    cst.DivideAssign: operator.truediv,
    cst.FloorDivide: operator.floordiv,
    cst.FloorDivideAssign: operator.floordiv,
    cst.Modulo: operator.mod,
    cst.ModuloAssign: operator.mod,
    cst.Power: operator.pow,
    cst.PowerAssign: operator.pow,
    cst.BitOr: operator.or_,
    cst.BitOrAssign: operator.or_,
    cst.BitAnd: operator.and_,
    cst.BitAndAssign: operator.and_,
    cst.BitXor: operator.xor,
    cst.BitXorAssign: operator.xor,
    cst.LeftShift: operator.lshift,
    cst.LeftShiftAssign: operator.lshift,
    cst.RightShift: operator.rshift,
    cst.RightShiftAssign: operator.rshift,
}
_UNARY: dict[type[cst.CSTNode], Callable[[Any], Any]] = {
    cst.Not: operator.not_,
    cst.Minus: operator.neg,
    cst.Plus: operator.pos,
    cst.BitInvert: operator.invert,
}
_COMPARE: dict[type[cst.CSTNode], Callable[[Any, Any], Any]] = {
    cst.Equal: operator.eq,
    cst.NotEqual: operator.ne,
    cst.LessThan: operator.lt,
    cst.LessThanEqual: operator.le,
    cst.GreaterThan: operator.gt,
    cst.GreaterThanEqual: operator.ge,
    cst.In: lambda a, b: a in b,
    cst.NotIn: lambda a, b: a not in b,
    cst.Is: operator.is_,
    cst.IsNot: operator.is_not,
}
_NESTED_WIDTH = re.compile(r":[^{}]*\{")
_WIDTHS = {
    "spec": re.compile(r"\d{5,}"),
    "%": re.compile(r"%(\([^)]*\))?[-+ #0]*(\*|\d{5,}|\d*\.(\*|\d{5,}))"),
    "{": re.compile(r"\{[^{}]*:[^{}]*\d{5,}"),
}
"""Widths and precisions of five digits and more, or given as an argument, by the kind of template."""
_MAX_BITS = 4096
_SIZED = (str, bytes, list, tuple)


def binary(op: cst.CSTNode, left: Any, right: Any, budget: Budget) -> Any:
    """`left op right`. Raises DagCodeError where Python raises, LimitReached where the result would
    be huge.
    """
    _guard_size(op, left, right, budget)
    result = attempt(lambda: _BINARY[type(op)](left, right), op)
    if isinstance(result, (list, tuple, dict)):
        budget.weight(result)
    return result


def unary(op: cst.CSTNode, value: Any) -> Any:
    """`op value`. Raises DagCodeError where Python raises."""
    return attempt(lambda: _UNARY[type(op)](value), op)


def compare(op: cst.CSTNode, left: Any, right: Any) -> Any:
    """`left op right` for one comparison. Raises DagCodeError where Python raises."""
    return attempt(lambda: _COMPARE[type(op)](left, right), op)


def attempt(action: Callable[[], Any], node: cst.CSTNode | None = None) -> Any:
    """Run a pure function on known values; what it raises is what the DAG file would raise."""
    try:
        return action()
    except (LimitReached, DagCodeError):
        raise
    except MemoryError as error:
        raise LimitReached("a value needs too much memory", node) from error
    except Exception as error:
        raise DagCodeError(type(error).__name__, str(error)[:200], node) from error


def guard_format(kind: str, template: str, budget: Budget, *arguments: Any) -> None:
    """Refuse format widths of five digits and more, and long arguments that are used often.

    `kind` is `%` or `{` for a whole template, `spec` for a format specification alone.
    """
    if _WIDTHS[kind].search(template):
        budget.size(budget.limits.size + 1, "a formatted string")
    if _NESTED_WIDTH.search(template):
        budget.size(max((n for n in arguments if isinstance(n, int)), default=0), "a string")
    uses = max(template.count("%"), template.count("{"))
    longest = max((len(str(argument)) for argument in arguments), default=0)
    budget.size(len(template) + uses * longest, "a formatted string")


def _guard_size(op: cst.CSTNode, left: Any, right: Any, budget: Budget) -> None:
    if isinstance(op, (cst.Multiply, cst.MultiplyAssign)):
        for sequence, count in ((left, right), (right, left)):
            if isinstance(sequence, _SIZED) and isinstance(count, int):
                budget.size(len(sequence) * max(count, 0), "a repeated value")
        if isinstance(left, int) and isinstance(right, int):
            _guard_bits(left.bit_length() + right.bit_length())
    elif isinstance(op, (cst.Power, cst.PowerAssign)):
        if isinstance(left, int) and isinstance(right, int):
            _guard_bits(left.bit_length() * max(right, 0))
    elif isinstance(op, (cst.LeftShift, cst.LeftShiftAssign)):
        if isinstance(left, int) and isinstance(right, int):
            _guard_bits(left.bit_length() + max(right, 0))
    elif isinstance(op, (cst.Modulo, cst.ModuloAssign)):
        if isinstance(left, (str, bytes)):
            template = left if isinstance(left, str) else left.decode("latin-1")
            guard_format("%", template, budget, right)
    elif isinstance(left, (*_SIZED, set, dict)) and isinstance(right, (*_SIZED, set, dict)):
        budget.size(len(left) + len(right))


def _guard_bits(bits: int) -> None:
    if bits > _MAX_BITS:
        raise LimitReached(f"an integer would have {bits:,} bits; the limit is {_MAX_BITS:,}")
