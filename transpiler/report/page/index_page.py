"""The index over several DAGs: how far, what blocks, and in which order to go on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transpiler.report.grouping import grouped
from transpiler.report.models import DagEntry, FileEntry, MigrationDocument
from transpiler.report.page.dag_page import Verdict
from transpiler.report.page.drawing import Drawing, drawn
from transpiler.report.page.folding import folded
from transpiler.report.page.graph import Graph, Node, worst
from transpiler.report.page.render import rendered
from transpiler.report.page.schedule import duration
from transpiler.report.page.waves import Need, needs_of, waves_of

_LEVELS = {"clean": "mapped", "settings": "approximated", "decide": "manual", "empty": "not_needed"}
_WORDS = {
    "decide": "to decide",
    "settings": "to set or check",
    "clean": "nothing to do",
    "empty": "no tasks",
}
_COLUMNS = (
    ("DAG", ""),
    ("Verdict", ""),
    ("Tasks", "num"),
    ("Decide", "num"),
    ("Check", "num"),
    ("Pipeline", ""),
    ("Schedule", ""),
    ("Wave", "num"),
    ("Tasks carried over", ""),
)
_OPERATORS = 25
_DRAWN = 90
"""DAGs in the picture of dependencies; more of them are drawn as layers."""


@dataclass(frozen=True)
class Row:
    """One DAG in the table."""

    dag: DagEntry
    path: str
    level: str
    state: str
    rank: int
    manual: int
    warning: int
    wave: int
    page: str | None
    counts: Sequence[tuple[str, int]]

    @property
    def word(self) -> str:
        """The verdict in words."""
        return _WORDS[self.level]

    @property
    def schedule(self) -> str:
        """The schedule in a few letters."""
        text = self.dag.schedule or "by hand"
        return f"every {duration(float(text))}" if text.replace(".", "", 1).isdigit() else text


def index_page(document: MigrationDocument, pages: Mapping[tuple[str, str], str]) -> str:
    """The page's text; `pages` has the address of each DAG's page by path and DAG id."""
    listed = [(file, dag) for file in document.files for dag in file.dags]
    needs = needs_of(dag for _, dag in listed)
    waves = waves_of((dag.dag_id for _, dag in listed), needs)
    wave_of = {dag: wave.number for wave in waves for dag in wave.reasons}
    rows = [_row(f, d, wave_of[d.dag_id], pages.get((f.path, d.dag_id))) for f, d in listed]
    rows.sort(key=lambda row: (-row.rank, row.dag.dag_id))
    numbers = {row.dag.dag_id: number for number, row in enumerate(rows)}
    picture, keys, outside = _picture(rows, needs, numbers)
    totals = document.totals
    return rendered(
        "index.html.j2",
        ["page.js", "index.js"],
        [row.page for row in rows],
        generator=document.generator,
        totals=totals,
        verdict=_verdict(document, rows),
        ready=sum(row.level in ("clean", "settings") for row in rows),
        share=_share(totals.tasks_by_disposition, totals.tasks),
        counts=_counts(totals.tasks_by_disposition),
        output=grouped(document.findings),
        rows=rows,
        columns=_COLUMNS,
        verdicts=_verdicts(rows),
        waves=_waves(waves, rows) if len(waves) > 1 else [],
        needs=needs,
        picture=picture,
        numbers=keys,
        changed=outside,
        views={},
        apart=_apart(rows, needs),
        blocking=totals.blocking_operators[:_OPERATORS],
        broken=_broken(document.files),
    )


def _broken(files: Iterable[FileEntry]) -> dict[str, list[str]]:
    """The paths of the files that were not read, by the reason."""
    found: dict[str, list[str]] = {}
    for file in files:
        if file.error is not None:
            found.setdefault(file.error, []).append(file.path)
    return found


def _row(file: FileEntry, dag: DagEntry, wave: int, page: str | None) -> Row:
    found = grouped(entry for entry in dag.findings if entry.suppressed is None)
    severities = Counter(group.entry.severity for group in found)
    level = "clean"
    if not dag.tasks:
        level = "empty"
    elif severities["manual"]:
        level = "decide"
    elif severities["warning"]:
        level = "settings"
    return Row(
        dag,
        file.path,
        level,
        _LEVELS[level],
        ["empty", "clean", "settings", "decide"].index(level),
        severities["manual"],
        severities["warning"],
        wave,
        page,
        _counts(Counter(task.disposition for task in dag.tasks)),
    )


def _counts(found: Mapping[str, int]) -> list[tuple[str, int]]:
    order = ("mapped", "not_needed", "approximated", "manual")
    return [(name, found[name]) for name in order if found.get(name)]


def _share(by_disposition: Mapping[str, int], tasks: int) -> float:
    """Percent of the tasks that need no person; rounded down, so that 100 means all."""
    return 100.0 if not tasks else 100 * (tasks - by_disposition["manual"]) // tasks


def _verdict(document: MigrationDocument, rows: Sequence[Row]) -> Verdict:
    totals = document.totals
    open_dags = sum(row.level == "decide" for row in rows)
    unread = totals.files_with_error
    files = f" {unread} of {totals.files} files could not be read." if unread else ""
    if not rows:
        return Verdict("empty", "No DAGs found", f"{totals.files} files were read.{files}", 0)
    if open_dags or unread:
        detail = f"{len(rows) - open_dags} of {len(rows)} DAGs need no decision.{files}"
        what = f"{open_dags} DAG{'s' if open_dags != 1 else ''} with something to decide"
        return Verdict("decide", what if open_dags else "Some files were not read", detail, 0)
    if totals.findings_by_severity["warning"]:
        detail = "Nothing needs rewriting; settings and remarks are listed with each DAG."
        return Verdict("settings", "All DAGs convert, with settings to make", detail, 0)
    return Verdict("clean", "All DAGs convert", "Nothing to decide and nothing to set.", 0)


def _verdicts(rows: Sequence[Row]) -> list[tuple[str, str, int]]:
    counts = Counter(row.level for row in rows)
    return [(name, word, counts[name]) for name, word in _WORDS.items() if counts[name]]


def _waves(waves: Iterable[Any], rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The waves for the template; in each, DAGs with the least to decide first."""
    by_id = {row.dag.dag_id: row for row in rows}
    return [
        {
            "number": wave.number,
            "dags": [
                (dag, reason, by_id[dag].page, by_id[dag].manual)
                for dag, reason in sorted(
                    wave.reasons.items(), key=lambda item: (by_id[item[0]].manual, item[0])
                )
            ],
        }
        for wave in waves
    ]


def _picture(
    rows: Sequence[Row], needs: Sequence[Need], numbers: Mapping[str, int]
) -> tuple[Drawing | None, dict[str, int], set[str]]:
    """The graph of the DAGs that have something to do with others; None where none has."""
    joined = list(dict.fromkeys(dag for need in needs for dag in (need.other, need.dag)))
    if not joined:
        return None, {}, set()
    by_id = {row.dag.dag_id: row for row in rows}
    nodes = tuple(_node(dag, by_id.get(dag), numbers) for dag in joined)
    edges = dict.fromkeys((n.other, n.dag) for n in needs if n.other != n.dag)
    graph = folded(Graph(nodes, tuple(edges)), limit=_DRAWN)
    picture = drawn([graph], width=1400)[0]
    outside = {dag for dag in joined if dag not in by_id}
    return picture, {node.key: number for number, node in enumerate(graph.nodes)}, outside


def _node(dag: str, row: Row | None, numbers: Mapping[str, int]) -> Node:
    if row is None:
        return Node(dag, dag, "not read", "not_needed", ())
    tasks = len(row.dag.tasks)
    sub = f"{tasks} task{'s' if tasks != 1 else ''}, wave {row.wave}"
    return Node(dag, dag, sub, worst([row.state]), (numbers[dag],))


def _apart(rows: Sequence[Row], needs: Sequence[Need]) -> str:
    joined = {dag for need in needs for dag in (need.dag, need.other)}
    alone = sum(row.dag.dag_id not in joined for row in rows)
    return f"{alone} DAGs have no dependency that their files name." if alone else ""
