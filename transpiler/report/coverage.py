"""The coverage account in the document, and its totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import zip_longest

from transpiler.model.account import Construct
from transpiler.model.pipeline import PipelineModel
from transpiler.report.models import ConstructEntry, Coverage, FileEntry, PlaceEntry

_LATE = ("D2Z112", "D2Z502")
"""Codes of findings that are made when all files have been read."""
_WEIGHT = {"not_needed": 0, "mapped": 1, "approximated": 2, "manual": 3}


def account_entries(
    account: Iterable[Construct], pipelines: Iterable[PipelineModel] = ()
) -> list[ConstructEntry]:
    """The rows as the document has them.

    What was found about a DAG after its file was read, such as an id that another file has too, goes
    to the row of the DAG.
    """
    late = {pipeline.dag_id: pipeline for pipeline in pipelines}
    return [_entry(_with_late(item, late)) for item in account]


def _with_late(item: Construct, pipelines: Mapping[str, PipelineModel]) -> Construct:
    if item.kind != "dag":
        return item
    found = [
        one
        for dag_id in item.dags
        if dag_id in pipelines
        for one in pipelines[dag_id].findings
        if one.code in _LATE and one.code not in item.codes
    ]
    if not found:
        return item
    codes = (*item.codes, *dict.fromkeys(one.code for one in found))
    manual = any(one.severity == "manual" for one in found)
    return replace(
        item,
        codes=codes,
        note=found[0].message,
        disposition="manual" if manual else item.disposition,
    )


def _entry(item: Construct) -> ConstructEntry:
    span = item.span
    return ConstructEntry(
        kind=item.kind,
        name=item.name,
        text=item.text,
        file=span.file,
        line=span.line,
        column=span.column,
        end_line=span.end_line,
        end_column=span.end_column,
        disposition=item.disposition,
        codes=list(item.codes),
        note=item.note,
        dags=list(item.dags),
        tasks=list(item.tasks),
        output=[
            PlaceEntry(file=place.file, what=place.what, line=place.line, end_line=place.end_line)
            for place in item.output
        ],
    )


def coverage_of(rows: Iterable[ConstructEntry]) -> Coverage:
    """The totals of the rows."""
    return _coverage(Counter[str](row.disposition for row in rows))


def coverage_of_files(files: Iterable[FileEntry]) -> Coverage:
    """The totals of a tree: a construct that several files share counts once, as what asks most."""
    seen: dict[tuple[str, str, int, int], str] = {}
    for row in (row for file in files for row in file.account):
        key = (row.kind, row.file, row.line, row.column)
        if _WEIGHT[row.disposition] >= _WEIGHT[seen.get(key, "not_needed")]:
            seen[key] = row.disposition
    return _coverage(Counter(seen.values()))


def _coverage(counts: Counter[str]) -> Coverage:
    total = sum(counts.values())
    done = counts["mapped"] + counts["not_needed"]
    return Coverage(
        constructs=total,
        mapped=counts["mapped"],
        approximated=counts["approximated"],
        not_needed=counts["not_needed"],
        manual=counts["manual"],
        share_mapped=round(done / total, 4) if total else 0.0,
    )


def manual_points(files: Iterable[FileEntry]) -> int:
    """Places where a person must act, each once: innermost constructs, and files without any.

    A task whose argument needs a person is one place, not two; a file that became nothing is one.
    """
    points: set[tuple[str, int, int]] = set()
    for file in files:
        if file.error is not None:
            points.add((file.path, 0, 0))
            continue
        points.update((row.file, row.line, row.column) for row in _innermost(file.account))
    return len(points)


def _innermost(rows: Iterable[ConstructEntry]) -> list[ConstructEntry]:
    """Rows that need a person and hold no other such row."""
    manual = [row for row in rows if row.disposition == "manual"]
    found: list[ConstructEntry] = []
    for row, following in zip_longest(manual, manual[1:]):
        inside = (
            following is not None
            and following.file == row.file
            and ((following.line, following.column) < (row.end_line, row.end_column))
        )
        if not inside:
            found.append(row)
    return found
