"""One finding for many tasks: a place in a loop or a function tells the same for each of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from transpiler.report.models import FileEntry, FindingEntry


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


@dataclass(frozen=True)
class Helper:
    """A file that several DAG files read: who they are, and what was found in it."""

    files: set[str] = field(default_factory=set)
    findings: list[FindingEntry] = field(default_factory=list)


def shared_helpers(files: Sequence[FileEntry]) -> dict[str, Helper]:
    """Files with findings that several DAG files read, by their path."""
    helpers: dict[str, Helper] = defaultdict(Helper)
    for file in files:
        for entry in findings_of(file):
            if entry.file != file.path:
                helpers[entry.file].files.add(file.path)
                helpers[entry.file].findings.append(entry)
    return {name: helpers[name] for name in sorted(helpers) if len(helpers[name].files) > 1}


def findings_of(file: FileEntry) -> Iterator[FindingEntry]:
    """The findings of a file and of its DAGs."""
    yield from file.findings
    for dag in file.dags:
        yield from dag.findings
