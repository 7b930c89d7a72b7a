"""Each finding to the innermost construct that it is about."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable

from transpiler.account.found import Found
from transpiler.model.finding import Finding

_ARGUMENTS = frozenset(
    {"argument", "callback", "template", "dag_argument", "group_argument", "default_argument"}
)


def attach(found: Iterable[Found], findings: Iterable[Finding]) -> dict[int, list[Finding]]:
    """Findings by the identity of their construct; those of no construct are left out.

    A finding at the very place of an argument, or of its value, belongs to the argument. One with a
    task that stands where a task is made belongs to the task.
    """
    ordered = sorted(found, key=_order)
    exact: dict[tuple[str, int, int], list[Found]] = defaultdict(list)
    for item in ordered:
        for start in item.starts:
            exact[item.span.file, start[0], start[1]].append(item)
    keys = [_start(item) for item in ordered]
    result: dict[int, list[Finding]] = defaultdict(list)
    for one in dict.fromkeys(findings):
        place = (one.span.file, one.span.line, one.span.column)
        owner = _exact(exact.get(place, []), one) or _around(ordered, keys, place)
        if owner is not None:
            result[id(owner)].append(one)
    return result


def _order(item: Found) -> tuple[str, int, int, int, int]:
    span = item.span
    return span.file, span.line, span.column, -span.end_line, -span.end_column


def _start(item: Found) -> tuple[str, int, int]:
    return item.span.file, item.span.line, item.span.column


def _exact(items: list[Found], one: Finding) -> Found | None:
    """The task where the finding is about one, else an argument, else the innermost construct."""
    wanted = [item for item in items if item.kind == "task"] if one.task_id else []
    inner = [item for item in items if item.kind in _ARGUMENTS]
    chosen = inner or wanted or items
    return chosen[-1] if chosen else None


def _around(
    ordered: list[Found], keys: list[tuple[str, int, int]], place: tuple[str, int, int]
) -> Found | None:
    """The innermost construct that the place lies in."""
    index = bisect_right(keys, place) - 1
    item = ordered[index] if index >= 0 else None
    while item is not None and not _contains(item, place):
        item = item.parent
    return item


def _contains(item: Found, place: tuple[str, int, int]) -> bool:
    file, line, column = place
    end = (item.span.end_line, item.span.end_column)
    return item.span.file == file and (line, column) < end
