"""Uses of Airflow's classes in callables that the runtime's classes of those names do not have."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from transpiler.lower.airflow_names import MEMBERS, RUNTIME_NAMES
from transpiler.lower.airflow_uses import Piece, qualified_chain
from transpiler.lower.module_index import dotted
from transpiler.lower.project_modules import ProjectModules
from transpiler.model.finding import Finding, finding
from transpiler.source.visiting import visit


def missing_members(modules: ProjectModules, pieces: list[Piece]) -> Iterator[Finding]:
    """A finding (D2Z304) for each `Variable.set(…)`, `hook.copy_expert(…)` and the like."""
    for piece in pieces:
        key = ("members", piece.path, id(piece.node))
        if key not in modules.facts:
            modules.facts[key] = list(_missing(modules, piece))
        yield from modules.facts[key]


def _missing(modules: ProjectModules, piece: Piece) -> Iterator[Finding]:
    classes = _classes(modules, piece)
    if not classes:
        return
    uses = _Uses(classes)
    visit(piece.node, uses)
    for node, class_name in uses.found:
        detail = f"the callable uses {class_name}.{node.attr.value}, which has no equivalent"
        yield finding("D2Z304", modules.span(piece.path, node), detail)


def _classes(modules: ProjectModules, piece: Piece) -> dict[str, str]:
    """Names of the piece that stand for a class of which the runtime has a part."""
    imports = [*modules.index(piece.path).all_imports, *piece.parts.imports]
    known = {one.bound: RUNTIME_NAMES.get(f"{one.module}.{one.member}") for one in imports}
    for chain in piece.parts.chains:
        known[chain] = RUNTIME_NAMES.get(qualified_chain(modules, piece, chain) or "")
    return {
        bound: str(found.name)
        for bound, found in known.items()
        if found is not None and found.name in MEMBERS
    }


class _Uses(cst.CSTVisitor):
    """Attributes of the classes, of calls of them, and of variables that hold such a call."""

    def __init__(self, classes: dict[str, str]) -> None:
        super().__init__()
        self._classes = classes
        self._instances: dict[str, str] = {}
        self.found: list[tuple[cst.Attribute, str]] = []

    def visit_Assign(self, node: cst.Assign) -> None:
        class_name = self._of_call(node.value)
        for target in node.targets:
            if class_name is not None and isinstance(target.target, cst.Name):
                self._instances[target.target.value] = class_name

    def visit_Attribute(self, node: cst.Attribute) -> None:
        class_name = self._of_call(node.value)
        if class_name is None and isinstance(node.value, cst.Name):
            name = node.value.value
            class_name = self._classes.get(name) or self._instances.get(name)
        elif class_name is None:
            class_name = self._classes.get(dotted(node.value))
        attribute = node.attr.value
        if class_name is None or attribute.startswith("__"):
            return
        if attribute not in MEMBERS[class_name]:
            self.found.append((node, class_name))

    def _of_call(self, node: cst.BaseExpression) -> str | None:
        return self._classes.get(dotted(node.func)) if isinstance(node, cst.Call) else None
