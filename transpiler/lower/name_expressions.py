"""File names that depend on a task id which a loop makes."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from transpiler.lower.sql_names import safe_name
from transpiler.model.dag import SourceExpression, Task


def in_name(before: str, source: SourceExpression, after: str) -> SourceExpression | None:
    """An f-string that puts texts around a task id; None where the id is neither an f-string nor a
    name.
    """
    node = source.node
    if isinstance(node, cst.FormattedString):
        if '"""' in node.start or "'''" in node.start or "r" in node.prefix.lower():
            return None
        inner = list(node.parts)
    elif isinstance(node, cst.Name):
        inner = [cst.FormattedStringExpression(node)]
        node = cst.FormattedString([])
    else:
        return None
    parts = [cst.FormattedStringText(before), *inner, cst.FormattedStringText(after)]
    whole = node.with_changes(parts=parts)
    return SourceExpression(whole, source.scope, source.tree)


def stem_of_loop(tasks: Sequence[Task]) -> str:
    """A name for what all tasks of a loop share: the plain text in their ids, or the first id."""
    task_id = tasks[0].arguments.get("task_id")
    node = task_id.source.node if task_id is not None and task_id.source is not None else None
    if isinstance(node, cst.FormattedString):
        texts = [part.value for part in node.parts if isinstance(part, cst.FormattedStringText)]
        stem = "_".join(text.strip("_-. ") for text in texts if text.strip("_-. "))
        if stem:
            return safe_name(stem)
    return safe_name(tasks[0].task_id)
