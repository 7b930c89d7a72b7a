"""A task with the step calls that its rule made, before order and loops are worked out."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from transpiler.lower.common import CommonOptions
from transpiler.model.dag import LoopStep, Task
from transpiler.model.finding import Finding
from transpiler.model.pipeline import Expr, StepCall


@dataclass(eq=False)
class LoweredTask:
    """One task's calls in order; the last one carries the task's id, earlier ones a suffix to it."""

    task: Task
    calls: list[StepCall]
    common: CommonOptions
    loops: tuple[LoopStep, ...] = ()
    """Turns of the loops that are kept."""
    step_id: Expr = field(default_factory=lambda: Expr(""))
    suffixes: tuple[str, ...] = ("",)
    """What follows the task's id in the id of each call's step."""
    failure: Finding | None = None
    """Why the task is emitted as a step that raises."""


def names_in(exprs: list[Expr]) -> set[str]:
    """Names that expressions read."""
    return {
        node.id
        for expr in exprs
        for node in ast.walk(ast.parse(f"(\n{expr.code}\n)", mode="eval"))
        if isinstance(node, ast.Name)
    }
