"""Mapped task groups as blocks of the pipeline function."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from transpiler.lower.errors import UntranslatableError
from transpiler.lower.mapping import group_variables
from transpiler.lower.mapping_values import EACH, ResultExpressions
from transpiler.lower.step_ids import quoted
from transpiler.model.dag import Group, Task
from transpiler.model.finding import finding
from transpiler.model.pipeline import Expr, GroupBlock, Statement

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering


class MappedGroups:
    """The mapped groups of one DAG, and what each runs over as code."""

    def __init__(self, to: Lowering, variables: Mapping[str, str]) -> None:
        """`variables` has the name of each task's result in the pipeline function."""
        self._dag = to.dag
        self._names = group_variables(to.dag)
        self._over: dict[str, dict[str, Expr]] = {}
        for group in to.dag.groups if to.mode.dynamic else ():
            if group.mapped is None:
                continue
            to.use(EACH)
            try:
                self._over[group.group_id] = group_arguments(group, to, variables)
            except UntranslatableError:
                self._over[group.group_id] = _one_instance(group)

    def of(self, task: Task) -> str | None:
        """The id of the mapped group that the task stands in, where the pipeline is dynamic."""
        group = self._dag.mapped_group(task)
        return None if group is None or group.group_id not in self._over else group.group_id

    def block(self, group_id: str, body: tuple[Statement, ...], read: set[str]) -> GroupBlock:
        """The block; `read` are the names that its body reads."""
        name = self._names[group_id]
        target = name if name in read else None
        return GroupBlock(Expr(quoted(group_id)), target, self._over[group_id], body)

    def read_through(self, names: set[str]) -> set[str]:
        """The names together with those that mapped groups among them run over: whoever takes a
        parameter of a group waits for what the group is mapped over.
        """
        found = set(names)
        for group_id, name in self._names.items():
            if name in names and group_id in self._over:
                found.update(*(expr.names for expr in self._over[group_id].values()))
        return found


def group_arguments(group: Group, to: Lowering, variables: Mapping[str, str]) -> dict[str, Expr]:
    """What a mapped group runs over, as `each(…)` by name. Raises UntranslatableError."""
    assert group.mapped is not None
    for name, argument in group.mapped.arguments.items():
        if name == "id" or name.startswith("_"):
            detail = f"the group {group.group_id} is mapped over an argument called {name}"
            raise UntranslatableError(finding("D2Z230", argument.span, detail))
    results = ResultExpressions(to, variables, None)
    return {
        name: _each(results.over(argument.value, argument.source, argument.span))
        for name, argument in group.mapped.arguments.items()
    }


def _each(inner: Expr) -> Expr:
    return Expr(f"each({inner.code})", inner.names)


def _one_instance(group: Group) -> dict[str, Expr]:
    """For a group whose tasks raise, as what it runs over has no translation."""
    assert group.mapped is not None
    names = [name for name in group.mapped.arguments if name != "id" and not name.startswith("_")]
    return dict.fromkeys(names or ["argument"], Expr("each([None])"))
