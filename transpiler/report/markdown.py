"""MIGRATION.md: what became of each DAG, for the reviewer of the change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING
from urllib.parse import quote

from transpiler.emit.text import visible
from transpiler.report.coverage import coverage_of
from transpiler.report.grouping import Group, grouped
from transpiler.report.mermaid import mermaid_graph
from transpiler.report.models import (
    Coverage,
    DagEntry,
    FileEntry,
    FindingEntry,
    MigrationDocument,
    Totals,
)

if TYPE_CHECKING:
    from transpiler.report.page.schedule import ScheduleView

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+!|~$<>&@])")
_TITLES = {"manual": "For a person", "warning": "To settle"}
_LARGEST_GRAPH = 250
"""Tasks; code hosts stop drawing Mermaid at 500 edges or 50,000 characters."""
_SHOWN_TASKS = 3


def escaped(text: str) -> str:
    """Foreign text as Markdown that shows it and does nothing else, on one line."""
    return _plain(" ".join(text.split()))


def _plain(text: str) -> str:
    return _PUNCTUATION.sub(r"\\\1", visible(text))


def code(text: str) -> str:
    """Foreign text as a code span, safe in a table too."""
    shown = visible(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown[:1] == "`" or shown[-1:] == "`" or not shown.strip() else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def prose(text: str) -> str:
    """Foreign text as Markdown, on one line, where what stands between backticks is code."""
    parts = " ".join(text.split()).split("`")
    if len(parts) % 2 == 0 or not all(part.strip() for part in parts[1::2]):
        return escaped(text)
    return "".join(code(part) if i % 2 else _plain(part) for i, part in enumerate(parts))


def migration_markdown(
    document: MigrationDocument,
    schedules: Mapping[str, ScheduleView] | None = None,
    sources: str | None = None,
) -> str:
    """The page's text. `schedules` are by DAG id; `sources` is the way from the page to the project
    root, for links to lines of the source.
    """
    return "\n".join(_Page(document, schedules or {}, sources).lines()).rstrip("\n") + "\n"


class _Page:
    def __init__(
        self,
        document: MigrationDocument,
        schedules: Mapping[str, ScheduleView],
        sources: str | None,
    ) -> None:
        self.document, self.schedules, self.sources = document, schedules, sources

    def lines(self) -> Iterator[str]:
        yield "# Migration\n"
        yield _summary(self.document.totals) + "\n"
        if self.document.totals.coverage.constructs:
            yield _account(self.document.totals.coverage) + "\n"
        if self.document.findings:
            yield "## Output\n"
            yield from self._checklist(self.document.findings)
        for file in self.document.files:
            yield from self._file(file)

    def _file(self, file: FileEntry) -> Iterator[str]:
        yield f"## {code(file.path)}\n"
        if file.error:
            yield f"Not read: {escaped(file.error)}\n"
        yield from self._checklist(file.findings)
        for dag in file.dags:
            yield from self._dag(file, dag)

    def _dag(self, file: FileEntry, dag: DagEntry) -> Iterator[str]:
        yield f"### {code(dag.dag_id)}\n"
        yield f"{_what(dag)} {_left(dag)}\n"
        yield from (f"- {line}" for line in self._facts(file, dag))
        yield ""
        if 0 < len(dag.tasks) <= _LARGEST_GRAPH:
            yield f"```mermaid\n{mermaid_graph(dag)}```\n"
        elif dag.tasks:
            yield f"The graph has {len(dag.tasks)} tasks; migration.html draws it.\n"
        yield from self._checklist(dag.findings)

    def _facts(self, file: FileEntry, dag: DagEntry) -> Iterator[str]:
        view = self.schedules.get(dag.dag_id)
        words = escaped(view.words) if view else code(dag.schedule or "started by hand")
        start = f", from {code(dag.start_date)}" if dag.start_date else ""
        past = ", with catch-up" if dag.catchup else ""
        yield f"Schedule: {words}{start}{past}"
        if view is not None and view.runs:
            yield f"First runs: {', '.join(code(run.logical) for run in view.runs[:3])}"
        if dag.pipeline:
            yield f"Run it: {code(f'dag2zen run {dag.pipeline}')}"
        rows = [row for row in file.account if not row.dags or dag.dag_id in row.dags]
        if rows:
            yield _account(coverage_of(rows))

    # Findings

    def _checklist(self, entries: Iterable[FindingEntry]) -> Iterator[str]:
        """Open findings to tick off, then what asks for nothing and what was accepted, folded."""
        entries = list(entries)
        open_ = [entry for entry in entries if entry.suppressed is None]
        for severity, title in _TITLES.items():
            groups = grouped(entry for entry in open_ if entry.severity == severity)
            if groups:
                yield f"**{title}**\n"
                yield from (f"- [ ] {self._item(group)}" for group in groups)
                yield ""
        infos = [
            self._item(g, remedy=False) for g in grouped(e for e in open_ if e.severity == "info")
        ]
        accepted = [
            f"{self._item(group, remedy=False)}: {escaped(group.entry.suppressed.reason)}"
            for group in grouped(entry for entry in entries if entry.suppressed is not None)
            if group.entry.suppressed is not None
        ]
        yield from _folded(infos, "with nothing to do")
        yield from _folded(accepted, "accepted with a reason")

    def _item(self, group: Group, *, remedy: bool = True) -> str:
        entry = group.entry
        tasks = ", ".join(code(task_id) for task_id in group.tasks[:_SHOWN_TASKS])
        more = len(group.tasks) - _SHOWN_TASKS
        about = f" {tasks}{f' and {more} more' if more > 0 else ''}:" if tasks else ""
        advice = f" {prose(entry.remedy)}" if remedy else ""
        return f"{self._place(entry)}{about} {escaped(entry.message)}.{advice} ({entry.code})"

    def _place(self, entry: FindingEntry) -> str:
        shown = code(f"{entry.file}:{entry.line}")
        if self.sources is None or entry.code.startswith("D2Z5"):
            return shown
        return f"[{shown}]({quote(f'{self.sources}/{entry.file}')}#L{entry.line})"


def _summary(totals: Totals) -> str:
    done = totals.tasks - totals.tasks_by_disposition["manual"]
    counts = totals.findings_by_severity
    number = totals.findings_suppressed
    accepted = f" {number} more {'was' if number == 1 else 'were'} accepted." if number else ""
    return (
        f"**{done} of {totals.tasks} tasks** of {_count(totals.dags, 'DAG')} in "
        f"{_count(totals.files, 'file')} are translated. {_count(counts['manual'], 'finding')} for a "
        f"person, {counts['warning']} to settle, {counts['info']} with nothing to do.{accepted}"
    )


def _account(coverage: Coverage) -> str:
    return (
        f"Account of the source: {_count(coverage.constructs, 'construct')}, {coverage.mapped} carried "
        f"over, {coverage.not_needed} not needed, {coverage.approximated} approximated, "
        f"{coverage.manual} for a person"
    )


def _what(dag: DagEntry) -> str:
    if dag.pipeline is None:
        return "No pipeline, because the DAG has no tasks."
    steps = len({step for task in dag.tasks for step in task.steps})
    number = f"{_count(len(dag.tasks), 'task')} became {_count(steps, 'step')}"
    reason = escaped(dag.mode_reason)
    target = f"[{code(dag.pipeline)}]({quote(dag.pipeline)})"
    return f"{number} of the {dag.mode} pipeline {target} ({reason})."


def _left(dag: DagEntry) -> str:
    manual = sum(task.disposition == "manual" for task in dag.tasks)
    if manual:
        return f"**{_count(manual, 'task')} cannot be trusted** until a person acts."
    open_ = {entry.severity for entry in dag.findings if entry.suppressed is None}
    if "manual" in open_:
        return "**A person must act** before it does what the DAG did."
    return "Settings are left to check." if "warning" in open_ else "Nothing is left to do."


def _folded(items: list[str], what: str) -> Iterator[str]:
    if items:
        yield f"<details><summary>{_count(len(items), 'finding')} {what}</summary>\n"
        yield from (f"- {item}" for item in items)
        yield "\n</details>\n"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
