"""Modules of a project that a search of its folder finds."""

from __future__ import annotations

from pathlib import Path

from transpiler.config import MigrationConfig
from transpiler.report.result import FileResult
from transpiler.service import analyse

DAG = """\
from airflow import DAG
from airflow.operators.bash import BashOperator
from common.defaults import ARGS

with DAG("{name}", schedule=None, default_args=ARGS):
    BashOperator(task_id="run", bash_command="true")
"""
HELPER = "from airflow import DAG  # for the types\n\nARGS = {'retries': 2}\n"


def results(root: Path, **files: str) -> dict[str, FileResult]:
    for name, text in files.items():
        path = root / "dags" / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    found = analyse([root / "dags"], project_root=root, config=MigrationConfig())
    return {result.path: result for result in found}


def test_a_module_that_dags_read_needs_nobody(tmp_path: Path) -> None:
    found = results(
        tmp_path,
        first=DAG.format(name="a"),
        second=DAG.format(name="b"),
        common__defaults=HELPER,
    )
    helper = found["dags/common/defaults.py"]
    assert helper.error is None
    (remark,) = [item for item in helper.findings if item.code == "D2Z106"]
    assert remark.severity == "info"
    assert "dags/first.py and 1 more reads" in remark.message


def test_a_file_that_nobody_reads_stays_a_failure(tmp_path: Path) -> None:
    found = results(tmp_path, first=DAG.format(name="a"), common__defaults=HELPER, other=HELPER)
    assert str(found["dags/other.py"].error).startswith("D2Z106")
    assert found["dags/common/defaults.py"].error is None


def test_a_module_of_files_without_dags_stays_a_failure(tmp_path: Path) -> None:
    found = results(
        tmp_path,
        lonely="from common.defaults import ARGS  # airflow dag\n",
        common__defaults=HELPER,
    )
    assert all(str(result.error).startswith("D2Z106") for result in found.values())
