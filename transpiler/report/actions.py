"""What a report asks for, each code once."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from transpiler.model.codes import Severity
from transpiler.report.document import all_findings
from transpiler.report.grouping import grouped
from transpiler.report.models import FindingEntry, MigrationDocument

NO_TRANSLATION = frozenset(
    {
        "D2Z204",
        "D2Z206",
        "D2Z208",
        "D2Z209",
        "D2Z230",
        "D2Z240",
        "D2Z241",
        "D2Z301",
        "D2Z302",
        "D2Z304",
        "D2Z310",
    }
)
"""Codes of what this tool or ZenML has nothing for. All others end with a change to the DAG file,
its project or a setting."""


@dataclass(frozen=True)
class Action:
    """One code of a report with the number of its places and its remedy."""

    code: str
    severity: Severity
    places: int
    remedies: tuple[str, ...]
    """The most frequent first."""

    @property
    def settles(self) -> bool:
        """Whether the reader can end it without writing a translation."""
        return self.code not in NO_TRANSLATION


def actions_of(document: MigrationDocument) -> list[Action]:
    """Open findings above `info` by code, those that need a person first, then the most frequent."""
    by_code: dict[str, list[FindingEntry]] = defaultdict(list)
    for group in grouped(all_findings(document)):
        entry = group.entry
        if entry.severity != "info" and entry.suppressed is None:
            by_code[entry.code].append(entry)
    actions = [_action(code, entries) for code, entries in by_code.items()]
    return sorted(actions, key=lambda a: (a.severity != "manual", -a.places, a.code))


def _action(code: str, entries: list[FindingEntry]) -> Action:
    manual = any(entry.severity == "manual" for entry in entries)
    remedies = Counter(entry.remedy for entry in entries)
    severity: Severity = "manual" if manual else "warning"
    return Action(code, severity, len(entries), tuple(text for text, _ in remedies.most_common()))
