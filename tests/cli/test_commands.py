"""The commands as whole processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
GOOD = """\
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False) as dag:
    BashOperator(task_id="extract", bash_command="echo {{ ds }}") >> BashOperator(
        task_id="load", bash_command="echo done"
    )
"""
UNKNOWN = """\
from datetime import datetime

from acme.operators import LegacyOperator
from airflow import DAG

with DAG("legacy", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False) as dag:
    LegacyOperator(task_id="old")
"""


def dag2zen(*arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command as a process."""
    return subprocess.run(
        [sys.executable, "-m", "transpiler", *map(str, arguments)],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one DAG that converts."""
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "nightly.py").write_text(GOOD)
    return tmp_path


def test_help_names_every_command(tmp_path: Path) -> None:
    done = dag2zen("--help", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("Usage: dag2zen [OPTIONS] COMMAND")
    for command in ("transpile", "assess", "verify", "run", "rules", "explain"):
        assert f"\n  {command} " in done.stdout


def test_help_imports_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys; import transpiler.cli; "
        "print(sorted({m.partition('.')[0] for m in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
    )
    heavy = {
        "libcst",
        "black",
        "pydantic",
        "sqlglot",
        "jinja2",
        "yaml",
        "zenml",
        "airflow",
        "rules",
    }
    assert not [name for name in heavy if f"'{name}'" in done.stdout]


def test_transpile_assess_verify_and_run(project: Path) -> None:
    out = project / "out"
    done = dag2zen("transpile", "dags/nightly.py", "--out", "out", cwd=project)
    assert (done.returncode, done.stderr) == (
        0,
        "out: 8 files written, 0 unchanged, 0 removed\nThe report: out/migration.html\n",
    )
    assert "nightly -> pipelines/nightly.py (2 tasks, static)" in done.stdout
    document = json.loads((out / "migration.json").read_text())
    (dag,) = document["files"][0]["dags"]
    assert [task["upstream"] for task in dag["tasks"]] == [[], ["extract"]]

    again = dag2zen("transpile", "dags", "--out", "out", "--format", "json", cwd=project)
    assert again.stderr == "out: 0 files written, 8 unchanged, 0 removed\n"
    assert json.loads(again.stdout) == document
    assessed = dag2zen("assess", "dags", "--format", "json", cwd=project)
    assert assessed.returncode == 0
    assert json.loads(assessed.stdout) == document

    verified = dag2zen("verify", "out", cwd=project)
    assert verified.returncode == 0, verified.stderr
    assert verified.stdout == "DAGs: 1, differences: 0\n"
    run = dag2zen(
        "run", "out/pipelines/nightly.py", "--logical-date", "2024-03-01", "--json", cwd=project
    )
    assert run.returncode == 0, run.stderr
    report = json.loads(run.stdout)
    assert report["state"] == "success"
    assert report["tasks"]["extract"] == {
        "state": "success",
        "xcom": {"return_value": "2024-03-01"},
    }


@pytest.mark.slow
def test_an_emitted_module_is_a_script(project: Path) -> None:
    assert dag2zen("transpile", "dags", "--out", "out", cwd=project).returncode == 0
    script = subprocess.run(
        [sys.executable, "pipelines/nightly.py", "--logical-date", "2024-03-02"],
        cwd=project / "out",
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    assert script.returncode == 0, script.stderr
    assert "load     success" in script.stdout


def test_findings_that_need_a_person_exit_1(project: Path) -> None:
    (project / "dags" / "legacy.py").write_text(UNKNOWN)
    done = dag2zen("assess", "dags", cwd=project)
    assert done.returncode == 1
    assert "dags/legacy.py:7:5: D2Z301 manual [old] no rule translates" in done.stdout
    assert "2 files, 2 DAGs, 3 tasks\ntasks: 2 mapped, 1 manual\n" in done.stdout


def test_a_hand_edit_is_merged_and_told(project: Path) -> None:
    assert dag2zen("transpile", "dags", "--out", "out", cwd=project).returncode == 0
    pipeline = project / "out" / "pipelines" / "nightly.py"
    pipeline.write_text(pipeline.read_text() + "# mine\n")
    dag = project / "dags" / "nightly.py"
    dag.write_text(dag.read_text().replace("@daily", "@weekly"))
    done = dag2zen("transpile", "dags", "--out", "out", "--format", "json", cwd=project)
    assert done.returncode == 0
    assert " unchanged, 0 removed, 1 merged with hand edits\n" in done.stderr
    (finding,) = json.loads(done.stdout)["findings"]
    assert (finding["code"], finding["file"]) == ("D2Z513", "pipelines/nightly.py")
    assert pipeline.read_text().endswith("# mine\n")
    assert "0 0 * * 0" in pipeline.read_text()


def test_a_missing_path_exits_2_and_the_batch_goes_on(project: Path) -> None:
    done = dag2zen("transpile", "dags/nightly.py", "dags/gone.py", "--out", "out", cwd=project)
    assert done.returncode == 2
    assert "dags/gone.py:1:1: D2Z120 manual" in done.stdout
    assert (project / "out" / "pipelines" / "nightly.py").is_file()


def test_output_errors_exit_2_without_traceback(project: Path) -> None:
    (project / "out").write_text("a file")
    done = dag2zen("transpile", "dags", "--out", "out", cwd=project)
    assert done.returncode == 2
    assert done.stderr == "dag2zen: out: is not a folder. Choose another path with --out.\n"


def test_a_reader_that_goes_away_gets_no_traceback(project: Path) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{sys.executable} -m transpiler explain D2Z301 | true"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
    )
    assert done.stderr == ""
