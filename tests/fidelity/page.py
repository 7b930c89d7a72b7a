"""docs/fidelity.md: the table, what differs and why, and what Airflow does not load."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import TypeVar

from tests.fidelity.results import FileResult, SourceResult
from transpiler.model.codes import CODES

_HEAD = """\
# Fidelity

How DAG files are read, held against Airflow itself: for each file that Airflow loads, every DAG is
compared task by task and field by field with what Airflow's DagBag builds. This page is written by
a command, which fetches what it needs and runs for some minutes (results of single files are kept,
so that a run that was stopped goes on; they are made anew where the code or the file changes):

    make fidelity

Public repositories are no part of this project: with `ARGS="--repos DIR"` the command reads those
that are checked out in DIR, each in a folder `owner__name`.

- *Graph*: the same tasks, edges, trigger rules, groups and mapped flags.
- *Every field*: also schedule, start date, catchup, tags, params, retries and their delays,
  timeouts, operator classes, and the values of template fields that are plain on both sides.
- *Symbolic*: files whose structure depends on what only a run could tell. The report says where.
- *Silent*: DAGs that are read differently from Airflow and have no finding that says so. Each is
  a mistake of this tool, and the number has to be 0.
- A start date or a param that the file makes from the clock, or at random, is another at each load
  of Airflow's too; it counts as the same where the report says so.
- Where neither the file nor its project says which Airflow it is for, the reading is told the
  version that judges (`--airflow-version`); a user who does not tell it gets finding D2Z122.
- Seconds are those of one processor, for reading a file and making its report.
- Where a file needs packages, Variables, connections or environment variables that are not there,
  something stands in for them on Airflow's side (*with stand-ins*), so that it loads.
"""
_COLUMNS = (
    "Source", "Airflow", "Files", "Loaded by Airflow", "With stand-ins", "DAGs", "Graph", "Every field",
    "Symbolic files", "Crashes", "Silent", "Slowest file",
)  # fmt: skip
_PART_COLUMNS = ("Files", "Loaded by Airflow", "DAGs", "Graph", "Every field")
_REPOSITORIES = """\
Each is checked out at the commit named, by

    git clone https://github.com/OWNER/NAME DIR/OWNER__NAME
    git -C DIR/OWNER__NAME checkout COMMIT
"""
_Key = TypeVar("_Key", bound=Hashable)
_EXCEPTION = re.compile(r"[A-Za-z_][\w.]*")


def page(results: Sequence[SourceResult]) -> str:
    """Text of the page."""
    parts = [_HEAD, _table(_COLUMNS, (_row(result) for result in results))]
    for result in results:
        parts.append("\n".join(_section(result)))
    return "\n".join(parts).rstrip() + "\n"


def _row(result: SourceResult) -> list[str]:
    counts, slowest = result.counts(), max(file.reading.seconds for file in result.files)
    versions = sorted({file.facts["airflow"] for file in result.files})
    names = ("files", "loaded", "with_stand_ins", "dags")
    shares = (_share(counts[name], counts["dags"]) for name in ("graph", "every_field"))
    rest = (str(counts[name]) for name in ("symbolic", "crashes", "silent"))
    return [
        result.source.title,
        ", ".join(versions),
        *(str(counts[name]) for name in names),
        *shares,
        *rest,
        f"{slowest:.1f} s",
    ]


def _share(part: int, whole: int) -> str:
    return f"{part} ({100 * part / whole:.1f} %)" if whole else "0"


def _section(result: SourceResult) -> Iterator[str]:
    yield f"## {result.source.title}\n"
    if result.source.name == "repositories":
        yield _REPOSITORIES
    if len(result.source.parts) > 1:
        columns = ("Part", *_PART_COLUMNS)
        yield _table(columns, _parts(result))
    differing = Counter(_differing(result.files))
    if differing:
        yield "DAGs that differ, by the field and the finding that tells of it:\n"
        yield _table(("Field", "Finding", "DAGs"), _differences(differing))
    failures = Counter(_failure(file) for file in result.files if file.facts["error"])
    if failures:
        yield "Files that Airflow does not load:\n"
        yield _table(("Error", "Files"), ([f"`{e}`", str(n)] for e, n in _sorted(failures)))


def _parts(result: SourceResult) -> Iterator[list[str]]:
    for part in result.source.parts:
        files = tuple(file for file in result.files if file.part == part.name)
        counts = SourceResult(result.source, files).counts()
        names = ("files", "loaded", "dags", "graph", "every_field")
        commit = f" at `{part.commit[:12]}`" if part.commit else ""
        yield [part.name + commit, *(str(counts[name]) for name in names)]


def _differing(files: Iterable[FileResult]) -> Iterator[tuple[str, str]]:
    """Field and code, once for each DAG."""
    for file in files:
        if file.loads:
            found = {
                (item.difference.dag_id, item.field, item.code or "none") for item in file.found
            }
            yield from ((field, code) for _, field, code in sorted(found))


def _differences(differing: Counter[tuple[str, str]]) -> Iterator[list[str]]:
    for (field, code), number in _sorted(differing):
        title = f"[{code}](findings.md) {CODES[code].title}" if code in CODES else code
        yield [f"`{field}`", title, str(number)]


def _failure(file: FileResult) -> str:
    match = _EXCEPTION.match(file.facts["error"])
    return match[0].rpartition(".")[2] if match else "other"


def _sorted(counter: Counter[_Key]) -> list[tuple[_Key, int]]:
    return sorted(counter.items(), key=lambda item: (-item[1], str(item[0])))


def _table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines) + "\n"
