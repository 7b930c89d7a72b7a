"""Naming the task group of a step where the step's id does not, for branches that follow the group."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from transpiler.lower.lowered import LoweredTask
from transpiler.lower.step_ids import quoted
from transpiler.model.dag import Group, Task
from transpiler.model.pipeline import Expr


def group_options(
    tasks: Iterable[LoweredTask], groups: Mapping[str, Group]
) -> dict[str, dict[str, Expr]]:
    """The option `group` by task id, for members of groups with `prefix_group_id=False`.

    Only where a branch may choose a group; of other groups the ids of the steps tell.
    """
    items = list(tasks)
    if not any(call.kind == "branch" for item in items for call in item.calls):
        return {}
    named = {item.task.task_id: _hidden_group(item.task, groups) for item in items}
    return {task_id: {"group": Expr(quoted(group))} for task_id, group in named.items() if group}


def _hidden_group(task: Task, groups: Mapping[str, Group]) -> str | None:
    """The innermost group that the task's id does not begin with."""
    group = groups.get(task.group or "")
    while group is not None and task.task_id.startswith(f"{group.group_id}."):
        group = groups.get(group.parent or "")
    return None if group is None else group.group_id
