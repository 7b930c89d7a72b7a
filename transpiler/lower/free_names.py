"""The names that an expression reads from around it."""

from __future__ import annotations

from functools import lru_cache

import libcst as cst

from transpiler.source.visiting import visit

SAFE_CALLS = frozenset(
    "abs bool dict enumerate float format int len list max min range repr reversed round set sorted str sum "
    "tuple zip".split()
)
"""Builtins that an emitted expression may call; none can change anything."""
SAFE_BUILTINS = SAFE_CALLS | {"True", "False", "None"}
SAFE_METHODS = frozenset(
    "format join lower upper title capitalize replace strip lstrip rstrip split rsplit zfill items keys values get "
    "copy startswith endswith removeprefix removesuffix isoformat strftime total_seconds index count".split()
)


class _Reader(cst.CSTVisitor):
    """Collects names read, without those bound inside, attribute names and keywords."""

    def __init__(self) -> None:
        super().__init__()
        self.read: set[str] = set()
        self.bound: set[str] = set()
        self.methods: set[str] = set()
        self.unsafe = False

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        visit(node.value, self)
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:
        visit(node.value, self)
        return False

    def visit_Call(self, node: cst.Call) -> bool:
        if isinstance(node.func, cst.Attribute):
            root: cst.BaseExpression = node.func
            while isinstance(root, cst.Attribute):
                root = root.value
            if not isinstance(root, cst.Name) and node.func.attr.value not in SAFE_METHODS:
                self.unsafe = True
        return True

    def visit_Name(self, node: cst.Name) -> None:
        self.read.add(node.value)

    def visit_CompFor(self, node: cst.CompFor) -> None:
        self.bound |= _targets(node.target)

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        self.unsafe = True
        return False

    def visit_NamedExpr(self, node: cst.NamedExpr) -> bool:
        self.unsafe = True
        return False

    def visit_Await(self, node: cst.Await) -> bool:
        self.unsafe = True
        return False

    def visit_Yield(self, node: cst.Yield) -> bool:
        self.unsafe = True
        return False


@lru_cache(maxsize=2048)
def free_names(node: cst.CSTNode) -> frozenset[str]:
    """Names that the expression reads from outside itself; `*` among them where it does more than compute.

    Worked out once: the tasks that a loop makes share their expressions.
    """
    reader = _Reader()
    visit(node, reader)
    names = frozenset(reader.read - reader.bound)
    return names | {"*"} if reader.unsafe else names


@lru_cache(maxsize=2048)
def called_names(node: cst.CSTNode) -> frozenset[str]:
    """Plain names that the expression calls."""
    found: set[str] = set()

    class _Calls(cst.CSTVisitor):
        def visit_Call(self, node: cst.Call) -> None:
            if isinstance(node.func, cst.Name):
                found.add(node.func.value)

    visit(node, _Calls())
    return frozenset(found)


def rebound_names(body: cst.CSTNode) -> set[str]:
    """Names that the statements of a block assign."""
    found: set[str] = set()

    class _Assigned(cst.CSTVisitor):
        def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
            found.update(_targets(node.target))

        def visit_AugAssign(self, node: cst.AugAssign) -> None:
            found.update(_targets(node.target))

        def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
            found.update(_targets(node.target))

        def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
            found.update(_targets(node.target))

        def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
            return False

    visit(body, _Assigned())
    return found


def _targets(node: cst.CSTNode) -> set[str]:
    if isinstance(node, cst.Name):
        return {node.value}
    if isinstance(node, (cst.Tuple, cst.List)):
        return {name for element in node.elements for name in _targets(element.value)}
    return set()
