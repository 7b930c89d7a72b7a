"""Findings that ask for nothing, in as few lines as they need, and what a reviewer should confirm."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

from transpiler.report.grouping import Group
from transpiler.report.markdown import code, escaped
from transpiler.report.models import FindingEntry

TO_CONFIRM = ("D2Z306",)
"""What was done because migration.yaml asks for it: nobody has to act, but somebody should agree."""
Place = Callable[[FindingEntry], str]


def confirmations(groups: Iterable[Group], place: Place) -> Iterator[str]:
    """A checklist of what was replaced on purpose."""
    for group in groups:
        entry = group.entry
        yield f"- [ ] {place(entry)}: {_tasks(group.tasks)}{escaped(entry.message)} ({entry.code})"


def remarks(groups: Iterable[Group], place: Place) -> Iterator[str]:
    """A line for each remark; arguments with the same fate share one."""
    same: dict[tuple[object, ...], list[tuple[str, Group]]] = defaultdict(list)
    for group in groups:
        argument, _, reason = group.entry.message.partition(": ")
        named = reason and argument.isidentifier()
        key = (group.entry.file, group.entry.code, group.tasks, reason if named else group)
        same[key].append((argument if named else "", group))
    for found in same.values():
        yield _remark(found, place)


def _remark(found: list[tuple[str, Group]], place: Place) -> str:
    entry = found[0][1].entry
    places = ", ".join(dict.fromkeys(place(group.entry) for _, group in found))
    message = escaped(entry.message)
    if len(found) > 1:
        names = ", ".join(code(name) for name, _ in found)
        message = f"{names}: {escaped(entry.message.partition(': ')[2])}"
    return f"- {places} {_tasks(found[0][1].tasks)}{message} ({entry.code})"


def _tasks(tasks: tuple[str, ...]) -> str:
    shown = ", ".join(code(task) for task in tasks[:5])
    more = f" and {len(tasks) - 5} more" if len(tasks) > 5 else ""
    return f"{shown}{more}: " if tasks else ""
