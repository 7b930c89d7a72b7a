"""One finding for many tasks: a place in a loop or a function tells the same for each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from transpiler.report.models import FindingEntry


@dataclass(frozen=True)
class Group:
    """Findings that differ in their task only; `tasks` has each id once, in order."""

    entry: FindingEntry
    tasks: tuple[str, ...]

    @property
    def task_text(self) -> str:
        """The tasks in few words; empty where the finding is about no task."""
        if len(self.tasks) < 2:
            return "".join(self.tasks)
        return f"{self.tasks[0]} and {len(self.tasks) - 1} more"


def grouped(entries: Iterable[FindingEntry]) -> list[Group]:
    """The findings, each text and place once, where it first occurs."""
    members: dict[tuple[object, ...], list[FindingEntry]] = defaultdict(list)
    for entry in entries:
        place = (entry.file, entry.line, entry.column)
        members[place, entry.code, entry.severity, entry.message].append(entry)
    return [
        Group(found[0], tuple(dict.fromkeys(f.task_id for f in found if f.task_id)))
        for found in members.values()
    ]
