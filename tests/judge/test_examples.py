"""Every example DAG of Airflow 2 and 3, read by this tool and by the Airflow that it comes with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fidelity.comparing import GRAPH_FIELDS
from tests.fidelity.results import SourceResult
from tests.fidelity.running import run_source
from tests.fidelity.sources import examples
from tests.fidelity.store import Store

# Airflow itself cannot load them: the object storage needs a provider that is not installed.
NOT_LOADED = {2: {"tutorial_objectstorage.py"}, 3: set()}
KNOWN = {
    2: {
        # SubDagOperator, which Airflow 3 dropped, has no rule; Airflow lists its DAGs by themselves.
        ("example_subdag_operator.section-1", "dag_id"),
        ("example_subdag_operator.section-2", "dag_id"),
    },
    3: set(),
}
LEAST_DAGS = {2: 75, 3: 116}


@pytest.fixture(
    scope="module",
    params=[pytest.param(2, id="airflow2"), pytest.param(3, id="airflow3", marks=pytest.mark.slow)],
)
def major(request: pytest.FixtureRequest) -> int:
    """Airflow's version."""
    return int(request.param)


@pytest.fixture(scope="module")
def result(major: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SourceResult]:
    """Both readings of all examples: Airflow is started once for each folder of them."""
    *_, last = run_source(examples(major), 1, Store(tmp_path_factory.mktemp("store")))
    yield last


def test_airflow_loads_all_but_those_known(result: SourceResult, major: int) -> None:
    failed = {file.reading.path.name for file in result.files if file.facts["error"]}
    assert failed == NOT_LOADED[major]
    assert result.counts()["dags"] >= LEAST_DAGS[major]


def test_nothing_differs_but_what_is_known(result: SourceResult, major: int) -> None:
    assert {
        (found.difference.dag_id, found.difference.field): str(found.difference)
        for file in result.files
        for found in file.found
    }.keys() == KNOWN[major]


def test_every_difference_is_told(result: SourceResult) -> None:
    silent = [found for file in result.files for found in file.found if found.code is None]
    assert silent == []


def test_every_graph_is_the_same(result: SourceResult) -> None:
    differing = {
        (file.reading.path.name, found.difference.dag_id)
        for file in result.files
        for found in file.found
        if found.difference.field in GRAPH_FIELDS
    }
    assert {name for name, _ in differing} <= {"example_subdag_operator.py"}


def test_no_file_makes_this_tool_fail(result: SourceResult) -> None:
    assert result.counts()["crashes"] == 0
