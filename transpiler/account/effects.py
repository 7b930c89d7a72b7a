"""Statements that act outside the DAG while the file is read, which no pipeline does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import libcst as cst

from transpiler.account.found import Found
from transpiler.account.nodes import dotted, root_name
from transpiler.account.verdict import Verdict

_SEEN_ONLY = ("logging", "warnings", "sys.path", "structlog", "pprint", "traceback", "print")
"""What is called only to be seen in a log, or to find modules, which are followed anyway."""


def effect_of(
    item: Found,
    outside: Mapping[int, str],
    imports: Mapping[str, str],
    origins: Mapping[str, str],
) -> Verdict | None:
    """The verdict on such a statement; None where it has no effect outside.

    `origins` says what was called to make the objects that names stand for.
    """
    node = item.node
    if isinstance(node, cst.Expr):
        name = outside.get(id(node)) or _printed(node)
        return (
            _verdict(_resolved(name, origins)) if name and _known(name, imports, origins) else None
        )
    for target in _targets(node):
        root = root_name(target)
        qualified = imports.get(root or "", "")
        if qualified and not isinstance(target, cst.Name) and not qualified.startswith("airflow"):
            return _verdict(".".join([qualified, *dotted(_base(target))[1:]]))
    return None


def origins_of(found: Iterable[Found], imports: Mapping[str, str]) -> dict[str, str]:
    """What each name was made by, as `logging.getLogger` for `log`."""
    origins: dict[str, str] = {}
    for item in found:
        value = getattr(item.node, "value", None)
        if item.kind == "constant" and isinstance(value, cst.Call):
            parts = dotted(value.func)
            if parts and parts[0] in imports:
                made_by = ".".join([imports[parts[0]], *parts[1:]])
                origins.update(dict.fromkeys(item.bound, made_by))
    return origins


def _known(name: str, imports: Mapping[str, str], origins: Mapping[str, str]) -> bool:
    """Whether the name leads out of the project; what is called on a task or DAG does not."""
    root = name.partition(".")[0].partition("(")[0]
    modules = {qualified.partition(".")[0] for qualified in imports.values()} - {"airflow"}
    return root == "print" or root in origins or root in modules or root in imports


def _resolved(name: str, origins: Mapping[str, str]) -> str:
    root, _, rest = name.partition(".")
    return f"{origins[root]}.{rest}" if root in origins else name


def _printed(node: cst.Expr) -> str | None:
    call = node.value
    return "print" if isinstance(call, cst.Call) and dotted(call.func) == ["print"] else None


def _targets(node: cst.CSTNode | None) -> list[cst.BaseExpression]:
    if isinstance(node, cst.Assign):
        return [target.target for target in node.targets]
    if isinstance(node, (cst.AnnAssign, cst.AugAssign)):
        return [node.target]
    if isinstance(node, cst.Del):
        return [node.target]
    return []


def _base(target: cst.BaseExpression) -> cst.BaseExpression:
    return target.value if isinstance(target, cst.Subscript) else target


def _verdict(name: str) -> Verdict:
    shown = name.split("(")[0]
    if any(shown == known or shown.startswith(f"{known}.") for known in _SEEN_ONLY):
        return Verdict(
            "not_needed", ("D2Z133",), f"{shown}: it is done while Airflow reads the file"
        )
    note = f"{shown}: it is done whenever Airflow reads the file; the pipeline does not do it"
    return Verdict("approximated", ("D2Z132",), note)
