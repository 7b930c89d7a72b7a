"""The module-level statements of a source module by the names that they bind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from transpiler.lower.names_read import NamesOf, UnreadableCodeError, names_of
from transpiler.model.dag import SourceModule
from transpiler.source.positions import statement_code
from transpiler.source.visiting import visit

Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement
_COPIED = (cst.SimpleStatementLine, cst.FunctionDef, cst.ClassDef, cst.If, cst.Try)


@dataclass(frozen=True, eq=False)
class TopLevel:
    """One module-level statement; `order` is its place in the module."""

    node: Statement
    order: int
    code: str

    @cached_property
    def names(self) -> NamesOf:
        """Names read and bound; nothing where the statement cannot be read."""
        try:
            return names_of(self.code)
        except UnreadableCodeError:
            return NamesOf(frozenset(), frozenset(), frozenset())

    @property
    def is_import(self) -> bool:
        """Whether the statement imports and does nothing else."""
        return isinstance(self.node, cst.SimpleStatementLine) and all(
            isinstance(part, (cst.Import, cst.ImportFrom)) for part in self.node.body
        )

    @property
    def can_be_copied(self) -> bool:
        """Whether it is a definition, and not a block that builds the DAG."""
        return isinstance(self.node, _COPIED)


@dataclass(frozen=True, slots=True)
class ImportedName:
    """How a module binds a name by an import: the module as written, with its leading dots, and the
    member.
    """

    module: str
    member: str | None
    alias: str | None

    @property
    def bound(self) -> str:
        """The name that is bound."""
        return self.alias or self.member or self.module.split(".")[0]


class ModuleIndex:
    """Looks up what binds a name in one module."""

    def __init__(self, module: SourceModule) -> None:
        self.module = module
        self.statements = tuple(
            TopLevel(node, order, statement_code(module.tree, node))
            for order, node in enumerate(module.tree.body)
        )

    def binding(self, name: str) -> list[TopLevel]:
        """The statements that bind the name or change its value, in order."""
        return self._binding.get(name, [])

    def literal(self, name: str) -> str | None:
        """The text of the value of a name that one plain assignment binds; None for any other."""
        statements = self.binding(name)
        if len(statements) != 1 or not isinstance(statements[0].node, cst.SimpleStatementLine):
            return None
        small, *others = statements[0].node.body
        value = small.value if isinstance(small, (cst.Assign, cst.AnnAssign)) else None
        return self.module.tree.code_for_node(value) if value is not None and not others else None

    def imported(self, name: str) -> list[ImportedName]:
        """The imports that bind the name, also those inside `if` and `try`; several for `import
        a.b, a.c`.
        """
        return self._imported.get(name, [])

    def stars(self) -> list[str]:
        """The modules of `from x import *`, as written."""
        return [one.module for one in self.all_imports if one.member == "*"]

    @cached_property
    def all_imports(self) -> tuple[ImportedName, ...]:
        """What the module imports, outside of functions and classes."""
        return tuple(found for one in self.statements for found in imports_in(one.node))

    @cached_property
    def _binding(self) -> dict[str, list[TopLevel]]:
        found: dict[str, list[TopLevel]] = {}
        for one in self.statements:
            for name in self._touched(one):
                found.setdefault(name, []).append(one)
        return found

    @cached_property
    def _imported(self) -> dict[str, list[ImportedName]]:
        found: dict[str, list[ImportedName]] = {}
        for one in self.all_imports:
            found.setdefault(one.bound, []).append(one)
        return found

    def _touched(self, statement: TopLevel) -> frozenset[str]:
        names = statement.names.bound
        if isinstance(statement.node, cst.SimpleStatementLine):
            names |= frozenset(_changed(statement.node.body))
        return names


def imports_in(node: cst.CSTNode) -> list[ImportedName]:
    """Every import below a module-level statement that is not inside a function or class."""
    finder = _ModuleImportFinder()
    visit(node, finder)
    return [one for _, one in finder.found]


def nested_imports(node: cst.CSTNode) -> list[tuple[cst.Import | cst.ImportFrom, ImportedName]]:
    """Every import inside the code, functions included, with what it binds."""
    finder = _ImportFinder()
    visit(node, finder)
    return finder.found


def dotted(node: cst.BaseExpression | None) -> str:
    """`a.b.c` of a name or attribute; empty for anything else."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute) and (base := dotted(node.value)):
        return f"{base}.{node.attr.value}"
    return ""


def imported_names(node: cst.Import | cst.ImportFrom) -> list[ImportedName]:
    """What one import statement binds."""
    if isinstance(node, cst.Import):
        return [ImportedName(dotted(name.name), None, _alias(name)) for name in node.names]
    module = "." * len(node.relative) + dotted(node.module)
    if isinstance(node.names, cst.ImportStar):
        return [ImportedName(module, "*", None)]
    return [ImportedName(module, dotted(name.name), _alias(name)) for name in node.names]


def _alias(name: cst.ImportAlias) -> str | None:
    return (
        dotted(name.asname.name) if name.asname and isinstance(name.asname.name, cst.Name) else None
    )


class _ImportFinder(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[cst.Import | cst.ImportFrom, ImportedName]] = []

    def visit_Import(self, node: cst.Import) -> None:
        self.found += [(node, one) for one in imported_names(node)]

    def visit_ImportFrom(self, node: cst.ImportFrom) -> None:
        self.found += [(node, one) for one in imported_names(node)]


class _ModuleImportFinder(_ImportFinder):
    def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
        return False

    def visit_ClassDef(self, node: cst.ClassDef) -> bool:
        return False


def _changed(parts: Sequence[cst.BaseSmallStatement]) -> Iterator[str]:
    """Names whose value a simple statement changes: `X["a"] = 1`, `X.a = 1`, `X.update(…)`."""
    for part in parts:
        if isinstance(part, cst.Assign):
            for target in part.targets:
                yield from _root(target.target)
        elif isinstance(part, (cst.AugAssign, cst.AnnAssign)):
            yield from _root(part.target)
        elif isinstance(part, cst.Expr) and isinstance(part.value, cst.Call):
            called = part.value.func
            yield from _root(called) if isinstance(called, cst.Attribute) else ()


def _root(node: cst.BaseExpression) -> Iterator[str]:
    while isinstance(node, (cst.Attribute, cst.Subscript)):
        node = node.value
    if isinstance(node, cst.Name):
        yield node.value
