"""migration.json against Airflow's DagBag."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.judge.airflow_env import airflow_python
from transpiler.config import MigrationConfig
from transpiler.project import write_migration
from transpiler.service import analyse
from transpiler.verify.airflow import verify_airflow
from transpiler.verify.errors import VerifyError

DAG = """\
from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.utils.task_group import TaskGroup

with DAG(
    "nightly",
    start_date=datetime(2024, 1, 1),
    schedule="@daily",
    catchup=False,
    tags=["b", "a"],
    default_args={"retries": 2, "retry_delay": timedelta(minutes=1)},
):
    extract = BashOperator(task_id="extract", bash_command="true")
    with TaskGroup("load"):
        rows = BashOperator(
            task_id="rows", bash_command="true", execution_timeout=timedelta(hours=1)
        )
    extract >> rows

with DAG("by_seconds", start_date=datetime(2024, 1, 1), schedule=timedelta(hours=6), catchup=True):
    BashOperator(task_id="only", bash_command="true")
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project and, in `out`, what became of it."""
    root = tmp_path_factory.mktemp("project").resolve()
    (root / "dags").mkdir()
    (root / "dags" / "nightly.py").write_text(DAG)
    results = analyse([root / "dags"], project_root=root, config=MigrationConfig(), emit=True)
    write_migration(root / "out", results)
    return root


def test_the_document_says_what_airflow_says(project: Path) -> None:
    assert verify_airflow(project / "out", str(airflow_python())) == []


def test_differences_are_found_field_by_field(project: Path, tmp_path: Path) -> None:
    document: dict[str, Any] = json.loads((project / "out" / "migration.json").read_text())
    (file,) = document["files"]
    dags = {dag["dag_id"]: dag for dag in file["dags"]}
    nightly, by_seconds = dags["nightly"], dags["by_seconds"]
    nightly.update(schedule="0 1 * * *", start_date=None, catchup=True, tags=["a"])
    extract, rows = nightly["tasks"]
    extract.update(retries=1, retry_delay_seconds=1.0, trigger_rule="all_done", mapped=True)
    rows.update(upstream=[], execution_timeout_seconds=None, group=None)
    nightly["tasks"].append({**extract, "task_id": "more"})
    by_seconds["dag_id"] = "other"
    (tmp_path / "migration.json").write_text(json.dumps(document))

    found = verify_airflow(tmp_path, str(airflow_python()), project)

    assert {(d.dag_id, d.task_id, d.field): (d.expected, d.found) for d in found} == {
        ("nightly", None, "schedule"): ("0 1 * * *", "0 0 * * *"),
        ("nightly", None, "start_date"): (None, "2024-01-01T00:00:00+00:00"),
        ("nightly", None, "catchup"): (True, False),
        ("nightly", None, "tags"): (["a"], ["a", "b"]),
        ("nightly", "extract", "retries"): (1, 2),
        ("nightly", "extract", "retry_delay_seconds"): (1.0, 60.0),
        ("nightly", "extract", "trigger_rule"): ("all_done", "all_success"),
        ("nightly", "extract", "mapped"): (True, False),
        ("nightly", "load.rows", "upstream"): ([], ["extract"]),
        ("nightly", "load.rows", "execution_timeout_seconds"): (None, 3600.0),
        ("nightly", "load.rows", "group"): (None, "load"),
        ("nightly", "more", "task_id"): ("more", None),
        ("by_seconds", None, "dag_id"): (None, "by_seconds"),
        ("other", None, "dag_id"): ("other", None),
    }


def test_sources_that_are_not_found(project: Path, tmp_path: Path) -> None:
    (tmp_path / "migration.json").write_text((project / "out" / "migration.json").read_text())
    with pytest.raises(VerifyError, match="Name their project by --project-root"):
        verify_airflow(tmp_path, "python")
    with pytest.raises(VerifyError, match="does not exist. Name the right folder"):
        verify_airflow(tmp_path, "python", tmp_path)


def test_a_document_without_files(tmp_path: Path) -> None:
    write_migration(tmp_path, [])
    assert verify_airflow(tmp_path, "python") == []
