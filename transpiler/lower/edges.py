"""What each step waits for: data by its arguments, all else by `after`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from transpiler.lower.keeping import KeptLoops
from transpiler.lower.lowered import LoweredTask, names_in
from transpiler.lower.mapping_groups import MappedGroups
from transpiler.lower.step_ids import over_loop, quoted
from transpiler.model.dag import LoopStep
from transpiler.model.pipeline import Expr, StepCall


def with_order(
    item: LoweredTask,
    tasks: Mapping[str, LoweredTask],
    producers: Mapping[str, str],
    kept: KeptLoops,
    groups: MappedGroups,
    *,
    dynamic: bool = False,
) -> list[StepCall]:
    """The task's calls with `after` filled in, and what the scheduler goes by.

    `tasks` has every task by id, `producers` the variable that holds the result of each task that has one. In a
    dynamic pipeline the parts of a task that take nothing from another part wait for all that the task waits for, by
    its trigger rule; the others for their parts alone.
    """
    covered_by: dict[str, set[str]] = {}
    calls = []
    for position, call in enumerate(item.calls):
        read = groups.read_through(names_in([*call.args, *call.kwargs.values()]))
        own_parts = read & set(covered_by)
        data = {up for up in item.task.upstream if producers.get(up) in read - own_parts}
        covered = data.union(*(covered_by[name] for name in own_parts))
        last = position == len(item.calls) - 1
        waits = [up for up in item.task.upstream if up not in covered]
        if own_parts if dynamic else not last and (data or own_parts):
            waits = []
        scheduling = _scheduling(item, last=last, first=not own_parts) if dynamic else {}
        after = _after(item, waits, tasks, kept)
        calls.append(replace(call, after=after, scheduling={**scheduling, **call.scheduling}))
        if not last and call.assign is not None:
            covered_by[call.assign] = covered | set(waits)
    return calls


def _scheduling(item: LoweredTask, *, last: bool, first: bool) -> dict[str, Expr]:
    given = dict(item.common.scheduling)
    if not first:
        given.pop("trigger_rule", None)
    if not last:
        given["part_of"] = item.step_id
    return given


def _after(
    item: LoweredTask, waits: list[str], tasks: Mapping[str, LoweredTask], kept: KeptLoops
) -> tuple[Expr, ...]:
    found: list[Expr] = []
    left = list(waits)
    while left:
        up = tasks[left[0]]
        deeper = up.loops[_common(item.loops, up.loops) :]
        whole = _whole_loop(up, deeper, set(left), tasks, kept)
        if whole is not None:
            expr, members = whole
            found.append(expr)
            left = [name for name in left if name not in members]
            continue
        found.append(up.step_id if not deeper else Expr(quoted(up.task.task_id)))
        left.pop(0)
    return tuple(found)


def _common(one: tuple[LoopStep, ...], other: tuple[LoopStep, ...]) -> int:
    """Number of turns that both were made in."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if (mine.entry, mine.index) != (theirs.entry, theirs.index):
            break
        count += 1
    return count


def _whole_loop(
    up: LoweredTask,
    deeper: tuple[LoopStep, ...],
    waits: set[str],
    tasks: Mapping[str, LoweredTask],
    kept: KeptLoops,
) -> tuple[Expr, set[str]] | None:
    """The comprehension over the one loop that made `up`, where all its turns are waited for."""
    if len(deeper) != 1:
        return None
    step = deeper[0]
    if step.count > len(waits):  # told without looking at every task for every edge
        return None
    members = {
        other.task.task_id
        for other in tasks.values()
        if other.task.call is up.task.call
        and len(other.loops) == len(up.loops)
        and other.loops[-1].entry == step.entry
        and other.step_id == up.step_id
    }
    if len(members) != step.count or not members <= waits:
        return None
    if names_in([up.step_id]) & kept.local_names(step):
        return None
    return over_loop(up.step_id, step, kept.iterable(step), kept.target(step)), members
