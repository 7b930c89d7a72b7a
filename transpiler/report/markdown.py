"""MIGRATION.md: what became of each DAG, for the reviewer of the change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from transpiler.emit.text import visible
from transpiler.report.grouping import grouped
from transpiler.report.mermaid import mermaid_graph
from transpiler.report.models import DagEntry, FileEntry, FindingEntry, MigrationDocument, Totals

_PUNCTUATION = re.compile(r"([\\`*_{}\[\]()#+!|~$<>&@])")
_SEVERITIES = ("manual", "warning", "info")


def escaped(text: str) -> str:
    """Foreign text as Markdown that shows it and does nothing else, on one line."""
    return _PUNCTUATION.sub(r"\\\1", visible(" ".join(text.split())))


def code(text: str) -> str:
    """Foreign text as a code span, safe in a table too."""
    shown = visible(text).replace("|", "\\|")
    fence = "`" * (max((len(run) for run in re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown[:1] == "`" or shown[-1:] == "`" or not shown.strip() else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def migration_markdown(document: MigrationDocument) -> str:
    """The page's text."""
    return "\n".join(_page(document)).rstrip("\n") + "\n"


def _page(document: MigrationDocument) -> Iterator[str]:
    yield "# Migration\n"
    yield _summary(document.totals) + "\n"
    yield from _first(document)
    if document.findings:
        yield "## Output\n"
        yield from _table(document.findings)
    for file in document.files:
        yield from _file(file)


def _summary(totals: Totals) -> str:
    done = totals.tasks - totals.tasks_by_disposition["manual"]
    severities = ", ".join(f"{totals.findings_by_severity[name]} {name}" for name in _SEVERITIES)
    return (
        f"{done} of {totals.tasks} tasks of {totals.dags} DAGs in {totals.files} files are "
        f"translated. Findings: {severities}."
    )


def _first(document: MigrationDocument) -> Iterator[str]:
    """What to do first: the findings that need a person."""
    entries = [
        *document.findings,
        *(f for file in document.files for f in file.findings),
        *(f for file in document.files for dag in file.dags for f in dag.findings),
    ]
    manual = [entry for entry in entries if entry.severity == "manual"]
    yield "## What to do first\n"
    if not manual:
        yield "Nothing needs a person. Fill in the settings that the warnings name.\n"
        return
    for group in grouped(manual):
        entry = group.entry
        what = f"{escaped(entry.message)}. {escaped(entry.remedy)}"
        number = f", {len(group.tasks)} tasks" if len(group.tasks) > 1 else ""
        yield f"- [ ] {_place(entry)} {what} ({entry.code}{number})"
    yield ""


def _file(file: FileEntry) -> Iterator[str]:
    yield f"## {code(file.path)}\n"
    if file.error:
        yield f"Not read: {escaped(file.error)}\n"
    if file.findings:
        yield from _table(file.findings)
    for dag in file.dags:
        yield from _dag(dag)


def _dag(dag: DagEntry) -> Iterator[str]:
    yield f"### {code(dag.dag_id)}\n"
    target = code(dag.pipeline) if dag.pipeline else "no pipeline, because the DAG has no tasks"
    facts = {
        "Pipeline": target,
        "Kind": f"{dag.mode}: {escaped(dag.mode_reason)}",
        "Schedule": code(dag.schedule) if dag.schedule else "started by hand",
        "Start date": code(dag.start_date) if dag.start_date else "none",
        "Tasks": str(len(dag.tasks)),
    }
    yield from (f"- {name}: {value}" for name, value in facts.items())
    yield ""
    if dag.tasks:
        yield f"```mermaid\n{mermaid_graph(dag)}```\n"
    if dag.findings:
        yield from _table(dag.findings)
    else:
        yield "No findings.\n"


def _table(entries: Iterable[FindingEntry]) -> Iterator[str]:
    yield "| where | code | severity | task | what | what to do |\n|---|---|---|---|---|---|"
    ordered = sorted(entries, key=lambda e: _SEVERITIES.index(e.severity))
    for group in grouped(ordered):
        entry = group.entry
        task = ", ".join(code(task_id) for task_id in group.tasks)
        cells = (_place(entry), entry.code, entry.severity, task)
        yield f"| {' | '.join(cells)} | {escaped(entry.message)} | {escaped(entry.remedy)} |"
    yield ""


def _place(entry: FindingEntry) -> str:
    return code(f"{entry.file}:{entry.line}")
