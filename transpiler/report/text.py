"""The report on the terminal, in the style of compilers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TextIO

from transpiler.emit.text import visible
from transpiler.report.grouping import Group, grouped
from transpiler.report.models import FileEntry, MigrationDocument

_STYLES = {
    "manual": "red",
    "warning": "yellow",
    "info": "dim",
    "": "",
    "file": "bold",
    "error": "bold red",
}


def print_report(document: MigrationDocument, stream: TextIO) -> None:
    """Write the report, with colours where the stream is a terminal."""
    if not stream.isatty():
        stream.writelines(f"{text}\n" for text, _ in report_lines(document))
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, soft_wrap=True)
    for text, kind in report_lines(document):
        console.print(Text(text, style=_STYLES[kind]), highlight=False)


def report_lines(document: MigrationDocument) -> Iterator[tuple[str, str]]:
    """Lines of the report, each with the kind that decides on its colour."""
    for group in grouped(document.findings):
        yield from _finding(group)
    if document.findings:
        yield "", ""
    for file in document.files:
        yield from _file(file)
    yield from _totals(document)


def _file(file: FileEntry) -> Iterator[tuple[str, str]]:
    yield visible(file.path), "file"
    if file.error:
        yield f"  not read: {visible(file.error)}", "error"
    for dag in file.dags:
        target = dag.pipeline or "no pipeline: the DAG has no tasks"
        size = _tasks(len(dag.tasks))
        yield f"  {visible(dag.dag_id)} -> {visible(target)} ({size}, {dag.mode})", ""
    # A function that makes several DAGs gives each the same findings.
    for group in grouped((*file.findings, *(f for d in file.dags for f in d.findings))):
        yield from _finding(group)
    yield "", ""


def _finding(group: Group) -> Iterator[tuple[str, str]]:
    entry = group.entry
    place = f"{entry.file}:{entry.line}:{entry.column}"
    task = f"[{group.task_text}] " if group.tasks else ""
    yield visible(f"{place}: {entry.code} {entry.severity} {task}{entry.message}"), entry.severity
    if entry.severity != "info":
        yield f"    {visible(entry.remedy)}", "info"


def _totals(document: MigrationDocument) -> Iterator[tuple[str, str]]:
    totals = document.totals
    for row in totals.blocking_operators:
        where = f"{visible(row.operator)} in {_count(row.dags, 'DAG')}"
        yield f"{_tasks(row.tasks)} of {where} to do by hand", ""
    files, dags = _count(totals.files, "file"), _count(totals.dags, "DAG")
    yield f"{files}, {dags}, {_tasks(totals.tasks)}", "file"
    shown = {k.replace("_", " "): n for k, n in totals.tasks_by_disposition.items() if n}
    if shown:
        yield f"tasks: {_list(shown)}", ""
    yield f"findings: {_list(totals.findings_by_severity)}", ""


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def _tasks(number: int) -> str:
    return _count(number, "task")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
