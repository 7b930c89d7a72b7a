"""Runs both sides, and shows how they compare as a page."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.equivalence.airflow_side import airflow_outcomes
from tests.equivalence.cases import Case
from tests.equivalence.compare import Difference, differences
from tests.equivalence.outcome import Outcome
from tests.equivalence.zenml_side import Emitted, emit, environment, zenml_outcomes

FIELDS = {
    "states": ("error", "state", "task"),
    "XComs": ("xcom",),
    "tries": ("tries",),
    "order": ("order",),
    "callbacks": ("recorded",),
}
"""Columns of the page, and the fields of differences that belong to each."""


@dataclass(frozen=True)
class Comparison:
    """A case, what was found to differ, and the seconds that each side took."""

    case: Case
    mode: str
    found: Sequence[Difference]
    reported: Sequence[str]
    airflow_seconds: float = 0.0
    zenml_seconds: float = 0.0
    is_named: bool = False
    """Whether the transpiler has the finding that the case says it has."""

    @property
    def as_expected(self) -> bool:
        """Whether it is equal, or reported by the transpiler where that is known."""
        if self.case.reported:
            return bool(self.reported)
        return not self._wrong and not self.reported

    @property
    def _wrong(self) -> list[Difference]:
        """The differences that no finding names."""
        field = self.case.named[0] if self.case.named else None
        return [one for one in self.found if one.field != field or not self.is_named]

    def shown(self) -> str:
        """Give all that is wrong, a line for each."""
        lines = [*map(str, self._wrong), *self.reported]
        if self.case.reported and not self.reported:
            lines.append("is listed as reported, and the transpiler has no manual finding")
        return "\n".join(f"{self.case.name}: {line}" for line in lines)


def compare_all(
    cases: Sequence[Case], folder: Path, root: Path, progress: Callable[[Comparison], None]
) -> list[Comparison]:
    """Run and compare the cases; `folder` is for the emitted project, `root` that of the sources."""
    emitted = emit(cases, folder / "project", root)
    airflow = airflow_outcomes(cases, major=cases[0].major)
    os.environ.update(environment(folder / "record.jsonl"))
    done = []
    for case in cases:
        done.append(compare(case, emitted, airflow[case.name]))
        progress(done[-1])
    return done


def compare(case: Case, emitted: Emitted, airflow: Sequence[Outcome]) -> Comparison:
    """Run one case on ZenML's side and compare; one that is reported does not run there."""
    dag = emitted.dags.get(case.name)
    if dag is None or dag.pipeline is None:
        return Comparison(case, "none", (), ("the transpiler has no pipeline of it",))
    manual = [
        f"{finding.code} {finding.message}"
        for finding in dag.findings
        if finding.severity == "manual"
    ]
    seconds = sum(outcome.seconds for outcome in airflow)
    if manual:
        return Comparison(case, dag.mode, (), manual, seconds)
    zenml = zenml_outcomes(case, emitted)
    found = [
        difference
        for expected, actual in zip(airflow, zenml, strict=True)
        for difference in differences(expected, actual, dag, case.volatile)
    ]
    took = sum(run.seconds for run in zenml)
    codes = {finding.code for finding in dag.findings}
    named = case.named is not None and case.named[1] in codes
    return Comparison(case, dag.mode, found, (), seconds, took, named)


def page(
    groups: Mapping[str, Iterable[Comparison]],
    wanted: Mapping[str, Iterable[str]] | None = None,
    earlier: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """The Markdown page: a table for each group of cases, by its name.

    Of the DAGs `wanted` in each group, those that were not compared have the row that an `earlier`
    page has of them, marked as such.
    """
    tables: list[str] = []
    for name, group in groups.items():
        rows = {one.case.name: _row(one) for one in group}
        names = [*wanted[name]] if wanted is not None else [*rows]
        kept = (earlier or {}).get(name, {})
        shown = [rows.get(one) or _marked(kept[one]) for one in names if one in {**kept, **rows}]
        tables += ["", *_table(name, shown)]
    return "\n".join([*_INTRODUCTION, *tables]) + "\n"


def rows_of(text: str) -> dict[str, dict[str, str]]:
    """The rows of a page: by the table's name, and by the DAG."""
    _, *tables = text.split("\n## ")
    return {
        table.partition("\n")[0]: {
            row.split("`")[1]: row for row in table.splitlines() if row.startswith("| `")
        }
        for table in tables
    }


def _marked(row: str) -> str:
    """A row of an earlier page."""
    name = row.split("`")[1]
    return (
        row
        if row.startswith(f"| `{name}` †")
        else row.replace(f"| `{name}` |", f"| `{name}` † |", 1)
    )


_INTRODUCTION = (
    "# Equivalence",
    "",
    "Written by `make equivalence`. Each DAG is run by Airflow's `dag.test()`, and as the pipeline",
    "that it becomes by ZenML. Airflow 2.10 is the judge, and of its own examples Airflow 3.3.",
    "Compared are the run's state, the state of every task instance, all XCom values, the number of",
    "tries, the order along the edges, and the calls of callbacks.",
    "Rendered templates are compared by what the tasks made of them: their XCom values. Not compared",
    "are the XComs by which Airflow itself remembers branches (`skipmixin_key`) and lineage",
    "(`pipeline_inlets`, `pipeline_outlets`, which Airflow 3 no longer has), and where the buttons of",
    "Airflow 3's pages lead to (`_link_…`).",
    "",
    "A DAG that the transpiler does not call equivalent is not run: its row names the finding. Where",
    "one field differs and a finding of the transpiler says so, the field names the finding. A row",
    "with † was measured by an earlier run than the others.",
)


def _table(name: str, rows: Sequence[str]) -> list[str]:
    reported = sum("| reported: " in row for row in rows)
    unequal = sum(any(f"| {word}" in row for word in ("differ |", "named: ")) for row in rows)
    return [
        f"## {name}",
        "",
        f"{len(rows)} DAGs: {len(rows) - reported - unequal} equal, {reported} reported.",
        "",
        f"| DAG | what it is about | mode | {' | '.join(FIELDS)} | Airflow | ZenML |",
        f"|---|---|---|{'---|' * len(FIELDS)}---:|---:|",
        *rows,
    ]


def _cell(comparison: Comparison, differing: set[str]) -> str:
    case = comparison.case
    if case.named and comparison.is_named and differing == {case.named[0]}:
        return f"named: {case.named[1]}"
    return "differ" if differing else "equal"


def _row(comparison: Comparison) -> str:
    case = comparison.case
    differing = {difference.field for difference in comparison.found}
    cells = [_cell(comparison, differing & {*fields}) for fields in FIELDS.values()]
    seconds = [f"{comparison.airflow_seconds:.2f} s", f"{comparison.zenml_seconds:.2f} s"]
    if comparison.reported:
        codes = sorted({text.partition(" ")[0] for text in comparison.reported})
        cells = [f"reported: {', '.join(codes)}", *[""] * (len(FIELDS) - 1)]
        seconds[1] = ""
    about = f"{case.semantic} {case.reported or ''}".strip().replace("|", "\\|").replace("\n", " ")
    return f"| `{case.name}` | {about} | {comparison.mode} | {' | '.join([*cells, *seconds])} |"
