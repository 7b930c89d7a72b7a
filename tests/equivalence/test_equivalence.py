"""Airflow's run of each DAG and ZenML's run of what it becomes end alike."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.equivalence.airflow_side import airflow_outcomes
from tests.equivalence.cases import SUITE, Group, cases, groups
from tests.equivalence.outcome import Outcome
from tests.equivalence.random_dags import random_cases
from tests.equivalence.table import compare, compare_all, rows_of
from tests.equivalence.zenml_side import Emitted, emit, environment

# All runs of one side share a process, which is started for the first test that needs it.
pytestmark = pytest.mark.timeout(1800)
PAGE = REPOSITORY / "docs" / "equivalence.md"


@pytest.fixture(scope="module")
def emitted(tmp_path_factory: pytest.TempPathFactory) -> Emitted:
    """All DAGs, transpiled into one project."""
    return emit(cases().values(), tmp_path_factory.mktemp("equivalence") / "project", REPOSITORY)


@pytest.fixture(scope="module")
def airflow(request: pytest.FixtureRequest) -> Mapping[str, list[Outcome]]:
    """What became of the DAGs in Airflow, for all tests that were selected."""
    wanted = [
        item.callspec.params["name"]
        for item in request.session.items
        if isinstance(item, pytest.Function) and item.originalname == "test_ends_alike"
    ]
    return airflow_outcomes(cases()[name] for name in wanted)


@pytest.fixture
def ready(zenml_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of a run; what loading a pipeline changes is put back after."""
    from zenml.utils import source_utils

    monkeypatch.setattr(sys, "path", list(sys.path))
    for name, value in environment(tmp_path / "record.jsonl").items():
        monkeypatch.setenv(name, value)
    yield
    source_utils.set_custom_source_root(str(REPOSITORY))
    for name in [name for name in sys.modules if name.split(".")[0] in ("pipelines", "steps")]:
        del sys.modules[name]


@pytest.mark.parametrize(
    "name",
    [name if name in SUITE else pytest.param(name, marks=pytest.mark.slow) for name in cases()],
)
def test_ends_alike(
    name: str, emitted: Emitted, airflow: Mapping[str, list[Outcome]], ready: None
) -> None:
    comparison = compare(cases()[name], emitted, airflow[name])
    assert comparison.as_expected, comparison.shown()


@pytest.mark.slow
@pytest.mark.parametrize("group", groups()[1:], ids=lambda group: group.name)
def test_airflows_examples_end_alike(
    group: Group, zenml_store: Path, ready: None, tmp_path: Path
) -> None:
    done = compare_all([*group.cases.values()], tmp_path, group.root, lambda comparison: None)
    assert [one.shown() for one in done if not one.as_expected] == []


@pytest.mark.slow
def test_dags_made_by_chance_end_alike(zenml_store: Path, ready: None, tmp_path: Path) -> None:
    dags = tmp_path / "dags"
    dags.mkdir()
    done = compare_all(random_cases(dags, 20), tmp_path, dags, lambda comparison: None)
    assert [one.shown() for one in done if not one.as_expected] == []


def test_only_what_is_listed_needs_a_person(emitted: Emitted) -> None:
    manual = {
        dag_id
        for dag_id, dag in emitted.dags.items()
        if any(finding.severity == "manual" for finding in dag.findings)
    }
    assert emitted.dags.keys() == cases().keys()
    assert manual == {name for name, case in cases().items() if case.reported}


def test_the_page_has_every_dag_and_no_difference() -> None:
    tables = rows_of(PAGE.read_text("utf-8"))
    assert {name: [*rows] for name, rows in tables.items()} == {
        group.name: [*group.cases] for group in groups()
    }
    rows = [row for table in tables.values() for row in table.values()]
    assert [row for row in rows if "| differ |" in row] == []


def test_dags_made_by_chance_are_many_kinds(tmp_path: Path) -> None:
    made = random_cases(tmp_path, 60)
    texts = [one.file.read_text("utf-8") for one in made]
    for text in texts:
        compile(text, "random.py", "exec")
    assert [one.name for one in made] == [f"random_{number}" for number in range(60)]
    kinds = ("Branch", "ShortCircuit", "expand", "teardown", "retries", "trigger_rule", "xcom_pull")
    assert {kind: any(kind in text for text in texts) for kind in kinds} == dict.fromkeys(
        kinds, True
    )
    again = random_cases(tmp_path, 1, seed=59)
    assert again[0].file.read_text("utf-8") == texts[59]
