"""Edits of copied code that leave the rest of it, comments and spacing included, as it was."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

import libcst as cst

from transpiler.lower.module_index import dotted
from transpiler.source.visiting import visit


def without_blank_lead(node: cst.CSTNode) -> cst.CSTNode:
    """The statement with the comments directly above it, without the blank lines above those."""
    lines: Sequence[cst.EmptyLine] = getattr(node, "leading_lines", ())
    first = next((i for i, line in enumerate(lines) if line.comment is not None), len(lines))
    return node.with_changes(leading_lines=lines[first:]) if lines else node


def names_in(node: cst.CSTNode, names: Collection[str]) -> list[cst.Name]:
    """The places where one of the names stands, in order; attribute names do not count."""
    finder = _NameFinder(names)
    visit(node, finder)
    return finder.found


@lru_cache(maxsize=256)
def first_places(node: cst.CSTNode) -> dict[str, cst.Name]:
    """The first place of each name in the code; attribute names do not count."""
    finder = _FirstPlaces()
    visit(node, finder)
    return finder.found


def attribute_chains(node: cst.CSTNode, root: str) -> list[str]:
    """Every `root.a.b` in the code; a use of the bare name is given as the name itself."""
    finder = _ChainFinder(root)
    visit(node, finder)
    return finder.found


class DropAnnotations(cst.CSTTransformer):
    """Takes away the annotations that mention one of the names."""

    def __init__(self, names: Collection[str]) -> None:
        super().__init__()
        self.names = names

    def leave_Param(self, original_node: cst.Param, updated_node: cst.Param) -> cst.Param:
        return (
            updated_node.with_changes(annotation=None)
            if self._hit(original_node.annotation)
            else updated_node
        )

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> cst.FunctionDef:
        return (
            updated_node.with_changes(returns=None)
            if self._hit(original_node.returns)
            else updated_node
        )

    def leave_AnnAssign(
        self, original_node: cst.AnnAssign, updated_node: cst.AnnAssign
    ) -> cst.AnnAssign | cst.Assign | cst.RemovalSentinel:
        if not self._hit(original_node.annotation):
            return updated_node
        if updated_node.value is None:
            return cst.RemoveFromParent()
        return cst.Assign([cst.AssignTarget(updated_node.target)], updated_node.value)

    def _hit(self, annotation: cst.Annotation | None) -> bool:
        return annotation is not None and bool(names_in(annotation, self.names))


def default_names(function: cst.FunctionDef) -> dict[str, str]:
    """The names that parameters have as their defaults, by parameter."""
    params = function.params
    return {
        one.name.value: one.default.value
        for one in (*params.posonly_params, *params.params, *params.kwonly_params)
        if isinstance(one.default, cst.Name)
    }


class GiveDefaults(cst.CSTTransformer):
    """Gives parameters these texts as their defaults."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        super().__init__()
        self.texts = texts

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        return False

    def leave_Param(self, original_node: cst.Param, updated_node: cst.Param) -> cst.Param:
        text = self.texts.get(original_node.name.value)
        if text is None:
            return updated_node
        return updated_node.with_changes(default=cst.parse_expression(text))


class Rewrite(cst.CSTTransformer):
    """Renames global names, replaces `module.name` by the name that the copy has, drops imports."""

    def __init__(
        self,
        renames: Mapping[str, str],
        attributes: Mapping[str, str],
        dropped_imports: Collection[cst.CSTNode],
    ) -> None:
        super().__init__()
        self.renames = renames
        self.attributes = attributes
        self.dropped_imports = dropped_imports

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        return False

    def leave_Attribute(
        self, original_node: cst.Attribute, updated_node: cst.Attribute
    ) -> cst.BaseExpression:
        replacement = self.attributes.get(dotted(original_node))
        if replacement is not None:
            return cst.Name(replacement, lpar=original_node.lpar, rpar=original_node.rpar)
        value = original_node.value.visit(self)
        return updated_node.with_changes(value=value)

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.Name:
        new = self.renames.get(original_node.value)
        return updated_node if new is None else updated_node.with_changes(value=new)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        return updated_node.with_changes(keyword=original_node.keyword)

    def visit_Import(self, node: cst.Import) -> bool:
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        return False

    def leave_Import(
        self, original_node: cst.Import, updated_node: cst.Import
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        return self._import(original_node)

    def leave_ImportFrom(
        self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        return self._import(original_node)

    def _import(
        self, node: cst.Import | cst.ImportFrom
    ) -> cst.BaseSmallStatement | cst.RemovalSentinel:
        return cst.RemoveFromParent() if node in self.dropped_imports else node


def with_first_statements(function: cst.FunctionDef, statements: Sequence[str]) -> cst.FunctionDef:
    """The function with statements at the start of its body, after the docstring."""
    added = [cst.parse_statement(code) for code in statements]
    block = function.body
    if isinstance(block, cst.SimpleStatementSuite):
        block = cst.IndentedBlock([cst.SimpleStatementLine(block.body)])
    assert isinstance(block, cst.IndentedBlock)
    body = list(block.body)
    at = 1 if function.get_docstring() is not None else 0
    return function.with_changes(body=block.with_changes(body=[*body[:at], *added, *body[at:]]))


def without_body(function: cst.FunctionDef) -> cst.FunctionDef:
    """What of a function is worked out when it is defined: decorators, defaults, annotations."""
    return function.with_changes(body=cst.SimpleStatementSuite([cst.Pass()]))


class _SkipImports(cst.CSTVisitor):
    """A visitor that does not look at import statements: their names are not read."""

    def visit_Import(self, node: cst.Import) -> bool:
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        return False


class _FirstPlaces(_SkipImports):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, cst.Name] = {}

    def visit_Name(self, node: cst.Name) -> None:
        self.found.setdefault(node.value, node)

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        visit(node.value, self)
        return False


class _NameFinder(_SkipImports):
    def __init__(self, names: Collection[str]) -> None:
        super().__init__()
        self.names = names
        self.found: list[cst.Name] = []

    def visit_Name(self, node: cst.Name) -> None:
        if node.value in self.names:
            self.found.append(node)

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        visit(node.value, self)
        return False


class _ChainFinder(_SkipImports):
    def __init__(self, root: str) -> None:
        super().__init__()
        self.root = root
        self.found: list[str] = []

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        chain = dotted(node)
        if chain.partition(".")[0] == self.root:
            self.found.append(chain)
        else:
            visit(node.value, self)
        return False

    def visit_Name(self, node: cst.Name) -> None:
        if node.value == self.root:
            self.found.append(node.value)

    def visit_Arg(self, node: cst.Arg) -> bool:
        visit(node.value, self)
        return False
