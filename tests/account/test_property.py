"""The account is complete: every construct of the source once, each with an end that adds up."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings

from tests.account.accounts import account_of_text, result_of
from tests.account.counting import counted
from tests.evaluate.dag_programs import programs
from transpiler.model.codes import CODES
from transpiler.report.coverage import account_entries, coverage_of, coverage_of_files
from transpiler.report.document import build_document
from transpiler.report.result import FileResult

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = sorted(
    path
    for path in (ROOT / "fixtures_dags").glob("*.py")
    if path.name not in ("migration.yaml", "__init__.py")
)
JUDGED = sorted((ROOT / "tests" / "judge" / "dags").glob("*.py"))
ARGUMENTS = {"argument", "template", "callback", "dag_argument", "group_argument"}
ENTRIES = {"default_argument"}


def check(result: FileResult, text: str) -> None:
    """Hold the account of a file against the independent count."""
    own = [item for item in result.account if item.span.file == result.path]
    places = Counter((item.kind, item.span.line, item.span.column) for item in own)
    assert [key for key, number in places.items() if number > 1] == []
    expected = counted(text)
    rows = {kind: {(line, col) for k, line, col in places if k == kind} for kind, _, _ in places}
    assert sorted(rows.get("import", set())) == sorted(expected.imports)
    arguments = set().union(*(rows.get(kind, set()) for kind in ARGUMENTS))
    assert set(expected.arguments) - arguments == set()
    others = set().union(*(p for k, p in rows.items() if k not in ARGUMENTS | ENTRIES | {"import"}))
    assert set(expected.statements) - others == set()
    for item in result.account:
        assert bool(item.codes) or item.disposition == "mapped", item
        assert set(item.codes) <= CODES.keys()
    coverage = coverage_of(account_entries(result.account))
    assert coverage.constructs == len(result.account)
    parts = (coverage.mapped, coverage.approximated, coverage.not_needed, coverage.manual)
    assert sum(parts) == coverage.constructs


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_fixture(path: Path) -> None:
    check(result_of(path, ROOT / "fixtures_dags"), path.read_text())


@pytest.mark.parametrize("path", JUDGED, ids=lambda path: path.stem)
def test_every_way_to_build_a_dag(path: Path) -> None:
    check(result_of(path, ROOT / "tests" / "judge" / "dags", emit=False), path.read_text())


@settings(deadline=None, max_examples=8, database=None)
@given(programs())
def test_random_program(program: tuple[str, dict[str, set[str]]]) -> None:
    text, upstream = program
    with tempfile.TemporaryDirectory() as folder:
        result = account_of_text(text, Path(folder))
    check(result, text)
    told = {task for item in result.account for task in item.tasks}
    assert told == set(upstream)


def test_totals_of_a_tree_count_shared_constructs_once() -> None:
    root = ROOT / "fixtures_dags"
    files = [
        path
        for path in FIXTURES
        if path.stem in ("churn_scoring_by_country", "marketing_budget_taskflow")
    ]
    document = build_document([result_of(path, root) for path in files])
    rows = {(r.kind, r.file, r.line, r.column) for file in document.files for r in file.account}
    assert document.totals.coverage == coverage_of_files(document.files)
    assert document.totals.coverage.constructs == len(rows)
    assert sum(file.coverage.constructs for file in document.files) > len(rows)
