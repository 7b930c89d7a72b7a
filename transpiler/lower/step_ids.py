"""Step ids as expressions: the task id as the DAG wrote it where a kept loop makes it, else a literal."""

from __future__ import annotations

from collections.abc import Mapping

from transpiler.lower.expressions import Expressions
from transpiler.lower.joined_names import group_parts, joined
from transpiler.model.dag import Group, LoopStep, SourceExpression, Task
from transpiler.model.pipeline import Expr


def step_id(
    task: Task, expressions: Expressions, groups: Mapping[str, Group], suffix: str = ""
) -> Expr:
    """The id of the task's step, or of a part of it (`suffix` such as `.load_model`).

    Inside a kept loop it is an expression over the loop's variables; TaskFlow ids with a number are literals, so that
    a loop that makes them is not kept.
    """
    if expressions.loops:
        expr = _in_loop(task, expressions, groups, suffix)
        if expr is not None:
            return expr
    return Expr(quoted(f"{task.task_id}{suffix}"))


def _in_loop(
    task: Task, expressions: Expressions, groups: Mapping[str, Group], suffix: str
) -> Expr | None:
    argument = task.arguments.get("task_id")
    if argument is None or argument.source is None or not isinstance(argument.value, str):
        return None
    if not task.task_id.endswith(argument.value):
        return None
    source: SourceExpression | None = argument.source
    before = group_parts(groups.get(task.group or ""), groups)
    if before or suffix:
        source = joined([*before, argument.source, suffix], argument.source)
    return expressions.portable(source) if source is not None else None


def quoted(text: str) -> str:
    """A string literal with double quotes where that needs no escape."""
    escaped = repr(text)
    return f'"{escaped[1:-1]}"' if escaped.startswith("'") and '"' not in text else escaped


def over_loop(step_id: Expr, loop: LoopStep, iterable: Expr, target: str) -> Expr:
    """All ids that a loop makes, as a starred comprehension."""
    return Expr(f"*[{step_id.code} for {target} in {iterable.code}]")
