"""What a project's operator uses of Airflow's base classes that the runtime's bases do not have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import libcst as cst

from transpiler.lower.airflow_names import RUNTIME_NAMES
from transpiler.lower.airflow_uses import Piece, reached
from transpiler.lower.module_index import dotted
from transpiler.lower.project_modules import ProjectModules
from transpiler.model.dag import OperatorClass
from transpiler.model.finding import Finding, finding
from transpiler.source.visiting import visit

OPERATOR_MEMBERS: Mapping[str, frozenset[str]] = {
    "BaseOperator": frozenset(
        "task_id dag_id dag task_type params log template_fields template_ext execute pre_execute "
        "post_execute on_kill render_template xcom_push xcom_pull".split()
    ),
    "BaseSensorOperator": frozenset(
        "poke poke_interval timeout soft_fail mode exponential_backoff max_wait silent_fail never_fail "
        "execution_timeout reschedule".split()
    ),
    "BaseBranchOperator": frozenset({"choose_branch"}),
    "BashOperator": frozenset(
        "bash_command env append_env output_encoding skip_on_exit_code cwd output_processor".split()
    ),
    "PythonOperator": frozenset(
        "python_callable op_args op_kwargs templates_dict execute_callable".split()
    ),
}
"""What the runtime's bases of operators have; those of sensors and branches besides the first."""


def missing_base_members(modules: ProjectModules, own: OperatorClass) -> list[Finding]:
    """A finding (D2Z304) for each `self.defer(…)`, `self.get_direct_relatives(…)` and the like, in
    the class and the project's classes under it.
    """
    key = ("base members", own.module, id(own.node), own.base, frozenset(own.parameters))
    if key not in modules.facts:
        modules.facts[key] = list(_missing(modules, own))
    found: list[Finding] = modules.facts[key]
    return found


def _missing(modules: ProjectModules, own: OperatorClass) -> Iterator[Finding]:
    base = RUNTIME_NAMES.get(own.base)
    known = OPERATOR_MEMBERS["BaseOperator"] | OPERATOR_MEMBERS.get(
        str(base.name) if base is not None else "", frozenset()
    )
    pieces = [one for one in reached(modules, own) if isinstance(one.node, cst.ClassDef)]
    related = _related(own, pieces)
    bound = {name for piece in related for name in _bound(piece)}
    for piece in related:
        uses = _OfSelf()
        visit(piece.node, uses)
        for node in uses.found:
            name = node.attr.value
            if name not in bound | known | own.parameters and not name.startswith("__"):
                detail = f"{own.name} uses {name} of Airflow's {own.base.rpartition('.')[2]}, which has no equivalent"
                yield finding("D2Z304", modules.span(piece.path, node), detail)


def _related(own: OperatorClass, pieces: list[Piece]) -> list[Piece]:
    """The class and its bases in the project; other classes that it uses have a `self` of their own."""
    by_name = {
        piece.node.name.value: piece for piece in pieces if isinstance(piece.node, cst.ClassDef)
    }
    found: list[Piece] = []
    todo = [own.name]
    while todo:
        piece = by_name.pop(todo.pop(), None)
        if piece is None or not isinstance(piece.node, cst.ClassDef):
            continue
        found.append(piece)
        todo += [dotted(base.value).rpartition(".")[2] for base in piece.node.bases]
    return found


def _bound(piece: Piece) -> Iterator[str]:
    """What the class gives its objects: members of its body, and what methods set on `self`."""
    assert isinstance(piece.node, cst.ClassDef)
    finder = _Bound()
    visit(piece.node.body, finder)
    yield from finder.names


class _Bound(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.names.add(node.name.value)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        self._target(node.target)

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self._target(node.target)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self._target(node.target)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        self._target(node.target)

    def visit_WithItem(self, node: cst.WithItem) -> None:
        if node.asname is not None:
            self._target(node.asname.name)

    def visit_For(self, node: cst.For) -> None:
        self._target(node.target)

    def _target(self, target: cst.BaseExpression) -> None:
        if isinstance(target, cst.Name):
            self.names.add(target.value)
        elif isinstance(target, cst.Attribute) and dotted(target.value) == "self":
            self.names.add(target.attr.value)
        elif isinstance(target, (cst.Tuple, cst.List)):
            for element in target.elements:
                self._target(element.value)


class _OfSelf(cst.CSTVisitor):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[cst.Attribute] = []

    def visit_Attribute(self, node: cst.Attribute) -> None:
        own = dotted(node.value) == "self"
        of_base = isinstance(node.value, cst.Call) and dotted(node.value.func) == "super"
        if own or (of_base and node.attr.value != "__init__"):
            self.found.append(node)
