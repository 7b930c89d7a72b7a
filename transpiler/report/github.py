"""The findings as workflow commands of GitHub Actions, which show them beside the lines.

https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

from collections.abc import Iterator

from transpiler.emit.text import visible
from transpiler.report.document import all_findings
from transpiler.report.grouping import Group, grouped
from transpiler.report.models import MigrationDocument

_COMMANDS = {"manual": "error", "warning": "warning", "info": "notice"}


def github_annotations(document: MigrationDocument) -> str:
    """A command on a line for each open finding, and the totals as the last notice."""
    entries = [entry for entry in all_findings(document) if entry.suppressed is None]
    return "".join(f"{line}\n" for line in [*map(_command, grouped(entries)), *_totals(document)])


def _command(group: Group) -> str:
    entry = group.entry
    task = f"[{group.task_text}] " if group.tasks else ""
    properties = {
        "file": entry.file,
        "line": str(max(entry.line, 1)),
        "col": str(max(entry.column, 1)),
        "title": f"{entry.code} {entry.severity}",
    }
    shown = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return (
        f"::{_COMMANDS[entry.severity]} {shown}::{_data(f'{task}{entry.message}. {entry.remedy}')}"
    )


def _totals(document: MigrationDocument) -> Iterator[str]:
    totals = document.totals
    counts = ", ".join(f"{number} {name}" for name, number in totals.findings_by_severity.items())
    text = f"{totals.dags} DAGs, {totals.tasks} tasks: {counts}"
    yield f"::notice title=dag2zen::{_data(text)}"


def _data(text: str) -> str:
    """The text of a command: what would end it, or begin another, as percent codes."""
    return visible(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
