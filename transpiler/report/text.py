"""The report on the terminal, in the style of compilers."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from typing import TextIO

from transpiler.emit.text import visible
from transpiler.model.codes import CODES
from transpiler.report.actions import Action, actions_of
from transpiler.report.grouping import Group, Helper, findings_of, grouped, shared_helpers
from transpiler.report.models import Coverage, FileEntry, FindingEntry, MigrationDocument
from transpiler.report.terminal import print_lines
from transpiler.report.wrapping import wrapped

_SHOWN = 6
"""Remedies of one code that are shown."""
Lines = Iterator[tuple[str, str]]
"""Lines of the report, each with the kind that decides on its colour."""


def print_report(document: MigrationDocument, stream: TextIO, *, verbose: bool = False) -> None:
    """Write the report; on a terminal in colour and to its width. `verbose` shows what is `info`."""
    width = shutil.get_terminal_size().columns if stream.isatty() else None
    print_lines(report_lines(document, verbose=verbose, width=width), stream)


def report_lines(
    document: MigrationDocument, *, verbose: bool = False, width: int | None = None
) -> Lines:
    """Findings by file, then what to do by code, then the totals."""
    own = list(_findings(document.findings, verbose))
    if own:
        yield from own
        yield "", ""
    shared = shared_helpers(document.files)
    for file in document.files:
        yield from _file(file, shared, verbose)
    yield from _shared(shared, verbose)
    yield from _actions(document, width, verbose)
    yield from _totals(document, verbose)


def _file(file: FileEntry, shared: Mapping[str, Helper], verbose: bool) -> Lines:
    # A function that makes several DAGs gives each the same findings.
    found = [f for f in findings_of(file) if f.file == file.path or f.file not in shared]
    lines = [*_read(file), *_findings(found, verbose)]
    if lines:  # a helper without a DAG has nothing to say
        yield visible(file.path), "file"
        yield from lines
        yield "", ""


def _shared(shared: Mapping[str, Helper], verbose: bool) -> Lines:
    """What helpers of several DAG files gave each of them, once."""
    for name, helper in shared.items():
        if lines := list(_findings(helper.findings, verbose)):
            yield f"{visible(name)} (read by {_count(len(helper.files), 'file')})", "file"
            yield from lines
            yield "", ""


def _read(file: FileEntry) -> Lines:
    """What came of the file as a whole."""
    if file.error:
        told = any(file.error == f"{entry.code}: {entry.message}" for entry in file.findings)
        yield "  not read" + ("" if told else f": {visible(file.error)}"), "error"
    for dag in file.dags:
        name = visible(dag.dag_id)
        if dag.pipeline is None:
            yield f"  {name} -> no pipeline: no task was read", ""
        else:
            size = _tasks(len(dag.tasks))
            yield f"  {name} -> {visible(dag.pipeline)} ({size}, {dag.mode})", ""


def _findings(entries: Iterable[FindingEntry], verbose: bool) -> Lines:
    shown = [e for e in entries if e.suppressed is None and (verbose or e.severity != "info")]
    for group in grouped(shown):
        yield _line(group), group.entry.severity


def _line(group: Group) -> str:
    entry = group.entry
    task = f"[{group.task_text}] " if group.tasks else ""
    place = f"{entry.file}:{entry.line}:{entry.column}"
    return visible(f"{place}: {entry.code} {entry.severity} {task}{entry.message}")


def _actions(document: MigrationDocument, width: int | None, verbose: bool) -> Lines:
    """Each code once with its remedy: what can be settled apart from what has no translation."""
    actions = actions_of(document)
    titles = {True: "To settle", False: "Without translation, to be written or decided by a person"}
    for settles, title in titles.items():
        chosen = [action for action in actions if action.settles is settles]
        if not chosen:
            continue
        yield f"{title}:", "head"
        for action in chosen:
            yield from _action(action, width, None if verbose else _SHOWN)
        yield "", ""


def _action(action: Action, width: int | None, most: int | None) -> Lines:
    head = f"  {action.code}  {_count(action.places, 'place')}:"
    first, *others = action.remedies
    if not others:
        yield from _text(f"{head} {first}", width, action)
        return
    yield from _text(f"{head} {CODES[action.code].title.lower()}", width, action)
    for remedy in action.remedies[:most]:
        yield from _text(f"    - {remedy}", width, action)
    if most is not None and (more := len(action.remedies) - most) > 0:
        yield f"    - and {more} more (--verbose shows them)", action.severity


def _text(text: str, width: int | None, action: Action) -> Lines:
    for line in wrapped(visible(text), width, indent=6):
        yield line, action.severity


def _totals(document: MigrationDocument, verbose: bool) -> Lines:
    totals = document.totals
    for row in totals.blocking_operators:
        where = f"{visible(row.operator)} in {_count(row.dags, 'DAG')}"
        yield f"{_tasks(row.tasks)} of {where} to do by hand", ""
    files, dags = _count(totals.files, "file"), _count(totals.dags, "DAG")
    yield f"{files}, {dags}, {_tasks(totals.tasks)}", "file"
    shown = {k.replace("_", " "): n for k, n in totals.tasks_by_disposition.items() if n}
    if shown:
        yield f"tasks: {_list(shown)}", ""
    if totals.coverage.constructs:
        yield _coverage(totals.coverage, totals.manual_points), ""
    hidden = totals.findings_by_severity["info"] and not verbose
    suppressed = f", {totals.findings_suppressed} suppressed" if totals.findings_suppressed else ""
    note = " (info: --verbose)" if hidden else ""
    yield f"findings: {_list(totals.findings_by_severity)}{suppressed}{note}", ""


def _coverage(coverage: Coverage, points: int) -> str:
    share = f"{int(coverage.share_mapped * 100)} % carried over or not needed"
    left = f"{coverage.approximated} to check, {points} for a person"
    return f"account: {_count(coverage.constructs, 'construct')}, {share}, {left}"


def _list(counts: dict[str, int]) -> str:
    return ", ".join(f"{number} {name}" for name, number in counts.items())


def _tasks(number: int) -> str:
    return _count(number, "task")


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
