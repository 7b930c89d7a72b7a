"""What a callable and everything of the project that it reaches say, without copying it."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from transpiler.lower.airflow_names import RUNTIME_NAMES, is_airflow_module
from transpiler.lower.module_index import ImportedName, dotted, imported_names
from transpiler.lower.names_read import UnreadableCodeError, names_of
from transpiler.lower.project_modules import ProjectModules
from transpiler.model.dag import OperatorClass
from transpiler.model.span import Span
from transpiler.model.values import FunctionRef
from transpiler.source.positions import statement_code
from transpiler.source.visiting import visit


@dataclass(frozen=True, eq=False)
class Piece:
    """A piece of code that is reached, and the module it stands in."""

    path: str
    node: cst.CSTNode
    code: str

    @cached_property
    def parts(self) -> PartsOfCode:
        """What stands in the code, from one pass over it."""
        found = PartsOfCode()
        visit(self.node, found)
        return found


class PartsOfCode(cst.CSTVisitor):
    """Imports, calls, dotted names, and the names outside of imports, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.imports: list[ImportedName] = []
        self.calls: list[cst.Call] = []
        self.chains: list[str] = []
        self.attributes: list[tuple[str, cst.Attribute]] = []
        self.names: list[cst.Name] = []

    def visit_Import(self, node: cst.Import) -> bool:
        self.imports += imported_names(node)
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        self.imports += imported_names(node)
        return False

    def visit_Call(self, node: cst.Call) -> None:
        self.calls.append(node)

    def visit_Attribute(self, node: cst.Attribute) -> None:
        if chain := dotted(node):
            self.chains.append(chain)
            self.attributes.append((chain, node))

    def visit_Name(self, node: cst.Name) -> None:
        self.names.append(node)


def reached(modules: ProjectModules, ref: FunctionRef | OperatorClass) -> list[Piece]:
    """The function and the module-level statements of the project that it needs, nearest first."""
    if ref.module not in modules:
        return []
    key = ("reached", *_identity(ref))
    if key not in modules.facts:
        modules.facts[key] = _reached(modules, ref)
    found: list[Piece] = modules.facts[key]
    return found


def _identity(
    ref: FunctionRef | OperatorClass, around: frozenset[int] = frozenset()
) -> tuple[Hashable, ...]:
    """The code of a function and of those that it closes over: what it reaches depends on no more."""
    inside = around | {id(ref.node)}
    closed = [
        _identity(value, inside)
        for value in ref.closure.values()
        if isinstance(value, FunctionRef) and id(value.node) not in inside
    ]
    return (ref.module, id(ref.node), *closed)


def _reached(modules: ProjectModules, ref: FunctionRef | OperatorClass) -> list[Piece]:
    pieces: list[Piece] = []
    seen: set[tuple[str, str]] = set()
    todo = [_piece(modules, ref.module, ref.node), *_closed_over(modules, ref, {id(ref.node)})]
    todo += _class_of(modules, ref)
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


def _class_of(modules: ProjectModules, ref: FunctionRef | OperatorClass) -> list[Piece]:
    """The class of the object whose method the function is."""
    made = ref.owner if isinstance(ref, FunctionRef) else None
    found = modules.member(made.func) if made is not None else None
    if found is None:
        return []
    path, name = found
    return [_piece(modules, path, one.node) for one in modules.index(path).binding(name)]


def _closed_over(
    modules: ProjectModules, ref: FunctionRef | OperatorClass, seen: set[int]
) -> list[Piece]:
    """The functions that a function closes over, and those that they do; two may name each other."""
    pieces: list[Piece] = []
    for value in ref.closure.values():
        known = isinstance(value, FunctionRef) and value.module in modules
        if known and id(value.node) not in seen:
            seen.add(id(value.node))
            pieces.append(_piece(modules, value.module, value.node))
            pieces += _closed_over(modules, value, seen)
    return pieces


def runtime_uses(modules: ProjectModules, pieces: list[Piece], runtime_name: str) -> list[Span]:
    """Where the code uses an Airflow name that became this name of the runtime (`SkipTask`)."""
    spans: list[Span] = []
    for piece in pieces:
        key = ("uses", runtime_name, id(piece))
        if key not in modules.facts:
            modules.facts[key] = _uses(modules, piece, runtime_name)
        spans += modules.facts[key]
    return spans


def _uses(modules: ProjectModules, piece: Piece, runtime_name: str) -> list[Span]:
    bound = {
        one.bound
        for one in (*modules.index(piece.path).all_imports, *piece.parts.imports)
        if _becomes(f"{one.module}.{one.member}", runtime_name)
    }
    by_name = [node for node in piece.parts.names if node.value in bound]
    by_module = [
        node
        for chain, node in piece.parts.attributes
        if (found := qualified_chain(modules, piece, chain)) and _becomes(found, runtime_name)
    ]
    return [modules.span(piece.path, node) for node in (*by_name, *by_module)]


def qualified_chain(modules: ProjectModules, piece: Piece, chain: str) -> str | None:
    """The full name of `exceptions.AirflowSkipException`, where the first part is bound to Airflow
    or a module of it; None for any other chain.
    """
    root, _, rest = chain.partition(".")
    if not rest:
        return None
    for one in (*modules.index(piece.path).imported(root), *piece.parts.imports):
        if one.bound == root:
            whole = one.module if one.member is None else f"{one.module}.{one.member}"
            head = whole if one.alias or one.member else root
            if is_airflow_module(head):
                return f"{head}.{rest}"
    return None


def _becomes(qualified: str, runtime_name: str) -> bool:
    found = RUNTIME_NAMES.get(qualified)
    return found is not None and found.name == runtime_name


def _piece(modules: ProjectModules, path: str, node: cst.CSTNode) -> Piece:
    key = ("piece", path, id(node))
    if key not in modules.facts:
        code = statement_code(modules.index(path).module.tree, node)
        modules.facts[key] = Piece(path, node, code)
    found: Piece = modules.facts[key]
    return found


def _reads(modules: ProjectModules, piece: Piece) -> list[tuple[str, str]]:
    """Path and name of everything that the code reads."""
    key = ("reads", id(piece))
    if key not in modules.facts:
        modules.facts[key] = list(_find_reads(modules, piece))
    found: list[tuple[str, str]] = modules.facts[key]
    return found


def _find_reads(modules: ProjectModules, piece: Piece) -> Iterator[tuple[str, str]]:
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
    for one in piece.parts.imports:
        yield from _member(modules, piece.path, one.module, one.member)
    for chain in piece.parts.chains:
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
