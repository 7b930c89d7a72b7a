"""What redaction leaves as it is."""

from __future__ import annotations

from pathlib import Path

from transpiler.config import MigrationConfig
from transpiler.report.document import build_document
from transpiler.service import analyse

DAG = """\
from datetime import datetime
from airflow import DAG
from airflow.operators.bash import BashOperator
DB_SECRET = "reporting-db"
TOKEN = "q8Zx2mLk-77"
with DAG("nightly", start_date=datetime(2024, 1, 1), schedule=None, catchup=False):
    BashOperator(task_id="restore-reporting-db", bash_command=f"load --token {TOKEN}")
"""


def test_ids_stay_what_they_are(tmp_path: Path) -> None:
    file = tmp_path / "nightly.py"
    file.write_text(DAG, encoding="utf-8")
    results = analyse([file], project_root=tmp_path, config=MigrationConfig(), jobs=1)
    (entry,) = build_document(results).files
    assert [task.task_id for task in entry.dags[0].tasks] == ["restore-reporting-db"]
    secrets = [finding.line for finding in entry.findings if finding.code == "D2Z601"]
    assert secrets == [4, 5]
    assert "q8Zx2mLk" not in entry.model_dump_json()
