"""What a callable and everything of the project that it reaches say, without copying it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from transpiler.lower.airflow_names import RUNTIME_NAMES
from transpiler.lower.module_index import dotted, nested_imports
from transpiler.lower.names_read import UnreadableCodeError, names_of
from transpiler.lower.project_modules import ProjectModules
from transpiler.model.span import Span
from transpiler.model.values import FunctionRef


@dataclass(frozen=True, eq=False, slots=True)
class Piece:
    """A piece of code that is reached, and the module it stands in."""

    path: str
    node: cst.CSTNode
    code: str


def reached(modules: ProjectModules, ref: FunctionRef) -> list[Piece]:
    """The function and the module-level statements of the project that it needs, nearest first."""
    if ref.module not in modules:
        return []
    pieces: list[Piece] = []
    seen: set[tuple[str, str]] = set()
    todo = [_piece(modules, ref.module, ref.node)]
    todo += [
        p
        for value in ref.closure.values()
        if isinstance(value, FunctionRef)
        for p in reached(modules, value)
    ]
    while todo:
        piece = todo.pop(0)
        pieces.append(piece)
        for target in _reads(modules, piece):
            if target not in seen:
                seen.add(target)
                path, name = target
                todo += [
                    _piece(modules, path, one.node)
                    for one in modules.index(path).binding(name)
                    if one.can_be_copied and not one.is_import
                ]
    return pieces


def runtime_uses(modules: ProjectModules, pieces: list[Piece], runtime_name: str) -> list[Span]:
    """Where the code uses an Airflow name that became this name of the runtime (`SkipTask`)."""
    spans = []
    for piece in pieces:
        bound = {
            one.bound
            for one in modules.index(piece.path).all_imports
            if _becomes(f"{one.module}.{one.member}", runtime_name)
        }
        bound |= {
            one.bound
            for _, one in nested_imports(piece.node)
            if _becomes(f"{one.module}.{one.member}", runtime_name)
        }
        finder = _Uses(bound)
        piece.node.visit(finder)
        spans += [modules.span(piece.path, node) for node in finder.found]
    return spans


def _becomes(qualified: str, runtime_name: str) -> bool:
    found = RUNTIME_NAMES.get(qualified)
    return found is not None and found.name == runtime_name


def _piece(modules: ProjectModules, path: str, node: cst.CSTNode) -> Piece:
    return Piece(path, node, modules.index(path).module.tree.code_for_node(node))


def _reads(modules: ProjectModules, piece: Piece) -> Iterator[tuple[str, str]]:
    try:
        names = names_of(
            piece.code if not isinstance(piece.node, cst.Lambda) else f"_ = {piece.code}"
        )
    except UnreadableCodeError:
        return
    index = modules.index(piece.path)
    for name in sorted(names.read):
        for one in index.imported(name):
            yield from _member(modules, piece.path, one.module, one.member)
        yield piece.path, name
    for _, one in nested_imports(piece.node):
        yield from _member(modules, piece.path, one.module, one.member)
    finder = _Chains()
    piece.node.visit(finder)
    for chain in finder.found:
        root, _, member = chain.partition(".")
        for one in index.imported(root):
            module = one.module if one.member is None else f"{one.module}.{one.member}"
            yield from _member(modules, piece.path, module, member.partition(".")[0])


def _member(
    modules: ProjectModules, path: str, module: str, member: str | None
) -> Iterator[tuple[str, str]]:
    target = modules.path_of(modules.absolute(path, module))
    if target is not None and member is not None:
        yield target, member


class _Uses(cst.CSTVisitor):
    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self.names = names
        self.found: list[cst.Name] = []

    def visit_Import(self, node: cst.Import) -> bool:
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        return False

    def visit_Name(self, node: cst.Name) -> None:
        if node.value in self.names:
            self.found.append(node)


class _Chains(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def visit_Attribute(self, node: cst.Attribute) -> None:
        if chain := dotted(node):
            self.found.append(chain)
