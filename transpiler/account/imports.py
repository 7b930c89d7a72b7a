"""Imports: one construct for each name."""

from __future__ import annotations

import libcst as cst

from transpiler.account.found import Found, Page
from transpiler.account.nodes import dotted


def import_constructs(
    page: Page, node: cst.Import | cst.ImportFrom, parent: Found | None, executed: bool
) -> dict[str, str]:
    """Note each imported name; gives the qualified names by the name that each binds."""
    module = _module(node) if isinstance(node, cst.ImportFrom) else ""
    if isinstance(node.names, cst.ImportStar):
        page.add("import", f"{module}.*", page.span(node.names), executed=executed, parent=parent)
        return {}
    bound: dict[str, str] = {}
    for alias in node.names:
        parts = dotted(alias.name)
        qualified = ".".join([module, *parts] if module else parts)
        name, means = _binding(alias, parts, qualified, isinstance(node, cst.ImportFrom))
        bound[name] = means
        page.add(
            "import",
            qualified,
            page.span(alias.name, alias.asname.name if alias.asname else alias.name),
            executed=executed,
            parent=parent,
            node=node,
            bound=[name],
        )
    return bound


def _module(node: cst.ImportFrom) -> str:
    dots = "." * len(node.relative)
    return dots + (".".join(dotted(node.module)) if node.module is not None else "")


def _binding(
    alias: cst.ImportAlias, parts: list[str], qualified: str, from_: bool
) -> tuple[str, str]:
    """The name that is bound, and what it stands for: `import a.b` binds `a`."""
    if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
        return alias.asname.name.value, qualified
    return (parts[-1], qualified) if from_ else (parts[0], parts[0])
