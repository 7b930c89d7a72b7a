"""Methods of the project's classes, which need an object before they can be called."""

from __future__ import annotations

import libcst as cst

from transpiler.lower.errors import UntranslatableError
from transpiler.lower.module_index import dotted
from transpiler.model.finding import finding
from transpiler.model.values import FunctionRef


def as_function(tree: cst.Module, ref: FunctionRef) -> cst.FunctionDef | cst.Lambda:
    """The node as a function of its own: a static method without its decorator.

    Raises UntranslatableError (D2Z303) for any other method.
    """
    finder = _Owner(ref.node)
    tree.visit(finder)
    if finder.found is None or not isinstance(ref.node, cst.FunctionDef):
        return ref.node
    kept = [one for one in ref.node.decorators if dotted(one.decorator) != "staticmethod"]
    if len(kept) == len(ref.node.decorators):
        detail = (
            f"{ref.name} is a method of the class {finder.found}; a step cannot keep its object"
        )
        remedy = "Call it in a function, and name that function here."
        raise UntranslatableError(finding("D2Z303", ref.span, detail, remedy=remedy))
    return ref.node.with_changes(decorators=kept)


class _Owner(cst.CSTVisitor):
    """Finds the name of the class in whose body a node stands."""

    def __init__(self, node: cst.CSTNode) -> None:
        super().__init__()
        self.node = node
        self.found: str | None = None

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        if any(statement is self.node for statement in node.body.body):
            self.found = node.name.value
