"""What a callable asks of Airflow's context that the runtime's context does not have.

`ti.xcom_pull(…)` is fine, `dag_run.get_task_instances()` is not: without a finding, the step would
fail when it runs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TypeAlias

import libcst as cst

from transpiler.lower.airflow_names import RUNTIME_NAMES
from transpiler.lower.airflow_uses import Piece
from transpiler.lower.module_index import dotted
from transpiler.lower.project_modules import ProjectModules
from transpiler.lower.template_names import FILLED, MEMBERS, STORES
from transpiler.model.finding import Finding, finding
from transpiler.source.visiting import visit

Members: TypeAlias = "Mapping[str, frozenset[str]]"
_OF_INSTANCE = {"dag_run": "dag_run", "task": "task"}
"""Members of `ti` that are objects of the context themselves."""
_OFTEN_OWN = frozenset({"dag", "task"})
"""Parameters that are often the project's own, but for a callable to which the DAG gives no such
argument.
"""
_SURE = frozenset(MEMBERS) - _OFTEN_OWN
_CONTEXTS = frozenset({"context", "kwargs", "ctx", "_context"})
"""Names that parameters and variables with the whole context have."""


def missing_of_context(
    modules: ProjectModules,
    pieces: list[Piece],
    members: Members = MEMBERS,
    passed: Collection[str | None] | None = None,
) -> Iterator[Finding]:
    """A finding (D2Z304) for each member or key of the context that the runtime has not.

    With `passed`, the names that the DAG itself gives to the first piece, what Airflow fills of its
    other parameters and keys counts as well.
    """
    own = frozenset() if passed is None else FILLED.difference(passed)
    filled = frozenset() if passed is None else _OFTEN_OWN.difference(passed)
    for index, piece in enumerate(pieces):
        keys = STORES if index else STORES | own
        objects = _SURE if index else _SURE | filled
        key = ("context", piece.path, id(piece.node), id(members), keys, objects)
        if key not in modules.facts:
            modules.facts[key] = list(_missing(modules, piece, members, keys, objects))
        yield from modules.facts[key]


def _missing(
    modules: ProjectModules,
    piece: Piece,
    members: Members,
    keys: frozenset[str],
    objects: frozenset[str],
) -> Iterator[Finding]:
    finder = _Uses(_context_functions(modules, piece), members, keys, objects, piece.node)
    visit(piece.node, finder)
    for node, text in finder.found:
        detail = f"the callable uses {text} of Airflow's context, which has no equivalent"
        yield finding("D2Z304", modules.span(piece.path, node), detail)


def _context_functions(modules: ProjectModules, piece: Piece) -> frozenset[str]:
    """The names by which the code calls `get_current_context`."""
    imports = (*modules.index(piece.path).all_imports, *piece.parts.imports)
    found = {one.bound: RUNTIME_NAMES.get(f"{one.module}.{one.member}") for one in imports}
    return frozenset(
        bound
        for bound, name in found.items()
        if name is not None and name.name == "get_current_context"
    )


class _Uses(cst.CSTVisitor):
    """Follows the objects of the context through parameters, keys and variables of one function."""

    def __init__(
        self,
        context_functions: frozenset[str],
        members: Members,
        keys: frozenset[str],
        objects: frozenset[str],
        root: cst.CSTNode,
    ) -> None:
        super().__init__()
        self._objects_filled = objects
        self._members = members
        self._keys = keys
        self._root = root
        self._functions = context_functions
        self._contexts: set[str] = set()
        self._objects: dict[str, str] = {}
        self.found: list[tuple[cst.CSTNode, str]] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._take_parameters(node.params, is_root=node is self._root)

    def visit_Lambda(self, node: cst.Lambda) -> None:
        self._take_parameters(node.params, is_root=node is self._root)

    def visit_Assign(self, node: cst.Assign) -> None:
        for target in node.targets:
            self._bind(target.target, node.value)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        if node.value is not None:
            self._bind(node.target, node.value)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        self._bind(node.target, node.value)

    def visit_Attribute(self, node: cst.Attribute) -> None:
        kind = self._kind(node.value)
        name = node.attr.value
        if kind is not None and name not in self._members[kind] and not name.startswith("__"):
            self.found.append((node, f"{kind}.{name}"))

    def visit_Subscript(self, node: cst.Subscript) -> None:
        if self._is_context(node.value) and (key := _key(node)) in self._keys:
            self.found.append((node, str(key)))

    def visit_Call(self, node: cst.Call) -> None:
        function = node.func
        if not isinstance(function, cst.Attribute) or function.attr.value not in ("get", "pop"):
            return
        key = _text(node.args[0].value) if node.args else None
        if self._is_context(function.value) and key in self._keys:
            self.found.append((node, str(key)))

    def _take_parameters(self, params: cst.Parameters, *, is_root: bool) -> None:
        """The names that Airflow fills, of the callable itself or of a function inside it."""
        keys, objects = (self._keys, self._objects_filled) if is_root else (STORES, _SURE)
        named = (*params.posonly_params, *params.params, *params.kwonly_params)
        for param in named:
            name, annotation = param.name.value, param.annotation
            self._contexts.discard(name)
            self._objects.pop(name, None)
            if name in _CONTEXTS or (annotation and dotted(annotation.annotation) == "Context"):
                self._contexts.add(name)
            elif name in objects:
                self._objects[name] = name
            elif name in keys:
                self.found.append((param, name))
        if params.star_kwarg is not None:
            self._contexts.add(params.star_kwarg.name.value)

    def _bind(self, target: cst.BaseExpression, value: cst.BaseExpression) -> None:
        if not isinstance(target, cst.Name):
            return
        kind, is_context = self._kind(value), self._is_context(value)
        self._objects.pop(target.value, None)
        self._contexts.discard(target.value)
        if kind is not None:
            self._objects[target.value] = kind
        elif is_context:
            self._contexts.add(target.value)

    def _is_context(self, node: cst.BaseExpression) -> bool:
        if isinstance(node, cst.Call):
            return dotted(node.func) in self._functions
        return isinstance(node, cst.Name) and node.value in self._contexts

    def _kind(self, node: cst.BaseExpression) -> str | None:
        """Which object of the context an expression is: a key of `MEMBERS`."""
        if isinstance(node, cst.Name):
            return self._objects.get(node.value)
        if isinstance(node, cst.Subscript) and self._is_context(node.value):
            key = _key(node)
            return key if key in MEMBERS else None
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
            return self._of_call(node.func, node)
        if isinstance(node, cst.Attribute) and self._kind(node.value) in ("ti", "task_instance"):
            return _OF_INSTANCE.get(node.attr.value)
        return None

    def _of_call(self, function: cst.Attribute, node: cst.Call) -> str | None:
        """`context.get("ti")` and `ti.get_dagrun()`."""
        name = function.attr.value
        if name in ("get", "pop") and self._is_context(function.value) and node.args:
            key = _text(node.args[0].value)
            return key if key in MEMBERS else None
        is_instance = self._kind(function.value) in ("ti", "task_instance")
        return "dag_run" if name == "get_dagrun" and is_instance else None


def _key(node: cst.Subscript) -> str | None:
    index = node.slice[0].slice if len(node.slice) == 1 else None
    return _text(index.value) if isinstance(index, cst.Index) else None


def _text(node: cst.BaseExpression) -> str | None:
    value = node.evaluated_value if isinstance(node, cst.SimpleString) else None
    return value if isinstance(value, str) else None
