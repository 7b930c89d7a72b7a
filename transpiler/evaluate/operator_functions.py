"""`operator.add` and its kind: Python's operators as functions."""

from __future__ import annotations

from typing import Any

import libcst as cst

from transpiler.evaluate import operations
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Builtin
from transpiler.evaluate.truth import is_plain

_BINARY: dict[str, type[cst.CSTNode]] = {
    "add": cst.Add,
    "concat": cst.Add,
    "sub": cst.Subtract,
    "mul": cst.Multiply,
    "truediv": cst.Divide,
    "floordiv": cst.FloorDivide,
    "mod": cst.Modulo,
    "or_": cst.BitOr,
    "and_": cst.BitAnd,
    "xor": cst.BitXor,
    "iadd": cst.AddAssign,
    "iconcat": cst.AddAssign,
    "ior": cst.BitOrAssign,
}


def _function(name: str, op: type[cst.CSTNode]) -> Builtin:
    def call(site: CallSite, left: Any, right: Any) -> Any:
        alike = isinstance(left, (list, tuple, dict)) and type(left) is type(right)
        if not alike and not (is_plain(left) and is_plain(right)):
            return site.symbolic("an operand is not known")
        result = operations.binary(op(), left, right, site.ip.budget)
        if op is cst.AddAssign and isinstance(left, list):
            # In place, as in Python: other names of the list see it.
            site.ip.mutate(left)
            left[:] = result
            return left
        return result

    return Builtin(f"operator.{name}", call, wants_site=True)


KNOWN = {f"operator.{name}": _function(name, op) for name, op in _BINARY.items()}
