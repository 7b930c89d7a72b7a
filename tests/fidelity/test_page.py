"""A whole run over two small repositories, from files to the page."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fidelity.page import page
from tests.fidelity.results import SourceResult, write_json
from tests.fidelity.running import run_source
from tests.fidelity.sources import repositories
from tests.fidelity.store import Store

SAME = """
from datetime import date
from airflow import DAG
from airflow.operators.bash import BashOperator
from nobody.operators import ThingOperator

with DAG("same", schedule=None, params={"day": str(date.today())}) as dag:
    BashOperator(task_id="a", bash_command="true") >> ThingOperator(task_id="b")
"""
SYMBOLIC = """
from airflow import DAG
from airflow.models import Variable
from airflow.operators.bash import BashOperator

with DAG("symbolic", schedule=None) as dag:
    for name in Variable.get("names", deserialize_json=True)["tables"] or ["one"]:
        BashOperator(task_id=name, bash_command="true")
"""
BROKEN = "from airflow import DAG\nraise RuntimeError('no')\n"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> SourceResult:
    """What was found in the repositories."""
    folder = tmp_path_factory.mktemp("repositories")
    for name, text in {
        "team__one/dags/same.py": SAME,
        "team__two/dags/symbolic.py": SYMBOLIC,
        "team__two/dags/broken.py": BROKEN,
        "team__none/readme.py": "",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    done: list[int] = []
    store = Store(tmp_path_factory.mktemp("store"))
    for _ in "once", "from the store":
        *_, last = run_source(repositories(folder), 1, store, lambda: done.append(1))
    assert len(done) == 12
    return last


def test_counts(result: SourceResult) -> None:
    counts = result.counts()
    assert [part.name for part in result.source.parts] == ["team/one", "team/two"]
    assert (counts["files"], counts["loaded"], counts["with_stand_ins"]) == (3, 2, 2)
    assert (counts["dags"], counts["graph"], counts["every_field"]) == (2, 1, 1)
    assert (counts["symbolic"], counts["crashes"], counts["silent"]) == (1, 0, 0)


def test_page(result: SourceResult) -> None:
    text = page([result])
    assert "| Public repositories | 2.10.5 | 3 | 2 | 2 | 2 | 1 (50.0 %) | 1 (50.0 %) |" in text
    assert "| team/one | 1 | 1 | 1 | 1 |" in text
    assert "| `task_id` | [D2Z110](findings.md)" in text
    assert "| `RuntimeError` | 1 |" in text


def test_json(result: SourceResult, tmp_path: Path) -> None:
    write_json(result, tmp_path)
    document = json.loads((tmp_path / "repositories.json").read_text("utf-8"))
    assert document["counts"] == result.counts()
    differing = {Path(file["path"]).name: file["differences"] for file in document["files"]}
    assert differing["broken.py"] == []
    assert {item["field"] for item in differing["symbolic.py"]} == {"task_id"}


def test_no_part_is_begun_once_it_is_enough(tmp_path: Path) -> None:
    (tmp_path / "team__one").mkdir()
    (tmp_path / "team__one" / "same.py").write_text(SAME, "utf-8")
    source = repositories(tmp_path)
    assert list(run_source(source, 1, Store(tmp_path / "store"), enough=lambda: True)) == []
