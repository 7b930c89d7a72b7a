"""Methods of the project's classes, which need an object before they can be called."""

from __future__ import annotations

from functools import lru_cache

import libcst as cst

from transpiler.lower.errors import UntranslatableError
from transpiler.lower.module_index import dotted
from transpiler.model.finding import finding
from transpiler.model.values import FunctionRef
from transpiler.source.visiting import visit


def as_function(tree: cst.Module, ref: FunctionRef) -> cst.FunctionDef | cst.Lambda:
    """The node as a function of its own: a static method without its decorator.

    Raises UntranslatableError (D2Z303) for any other method.
    """
    owner = _owners(tree).get(id(ref.node))
    if owner is None or not isinstance(ref.node, cst.FunctionDef):
        return ref.node
    kept = [one for one in ref.node.decorators if dotted(one.decorator) != "staticmethod"]
    if len(kept) == len(ref.node.decorators):
        detail = f"{ref.name} is a method of the class {owner}; a step cannot keep its object"
        remedy = "Call it in a function, and name that function here."
        raise UntranslatableError(finding("D2Z303", ref.span, detail, remedy=remedy))
    return ref.node.with_changes(decorators=kept)


def named_function(node: cst.FunctionDef | cst.Lambda, name: str | None) -> cst.FunctionDef:
    """A lambda as a named function."""
    if isinstance(node, cst.FunctionDef):
        return node
    body = cst.IndentedBlock([cst.SimpleStatementLine([cst.Return(node.body)])])
    return cst.FunctionDef(cst.Name(name or "function"), node.params, body)


@lru_cache(maxsize=128)
def _owners(tree: cst.Module) -> dict[int, str]:
    """The name of the class in whose body a statement stands, by the statement's identity."""
    finder = _Owners()
    visit(tree, finder)
    return finder.found


class _Owners(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[int, str] = {}

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self.found.update(dict.fromkeys(map(id, node.body.body), node.name.value))
