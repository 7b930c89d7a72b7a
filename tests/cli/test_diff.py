"""`dag2zen diff`: what a re-run would change."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.workspace.folders import content, times
from transpiler.cli import app

DAG = """\
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    BashOperator(task_id="extract", bash_command="echo one") >> BashOperator(
        task_id="load", bash_command="echo two"
    )
"""


def invoke(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was transpiled."""
    root = tmp_path_factory.mktemp("made")
    (root / "dags").mkdir()
    (root / "dags" / "nightly.py").write_text(DAG)
    assert invoke("transpile", root / "dags", "--out", root / "out").exit_code == 0
    return root


@pytest.fixture
def project(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, to be changed; the current folder."""
    shutil.copytree(made, tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def change_dag(project: Path, old: str = "echo two", new: str = "echo three") -> None:
    dag = project / "dags" / "nightly.py"
    dag.write_text(dag.read_text().replace(old, new))


def test_nothing_would_change(project: Path) -> None:
    for options in ([], ["--check"], ["--stat"]):
        result = invoke("diff", "dags", "--out", "out", *options)
        assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    result = invoke("diff", "dags", "--out", "out", "--format", "json")
    assert json.loads(result.stdout) == {"because": [], "changes": [], "findings": []}


def test_the_diff_is_a_patch_that_transpile_makes_true(project: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], check=True)
    change_dag(project)
    before, moments = content(project / "out"), times(project / "out")
    result = invoke("diff", "dags", "--out", "out")
    assert result.exit_code == 1
    assert result.stderr.startswith("Changed since the last run: dags/nightly.py\n")
    assert "diff --git a/pipelines/nightly.py b/pipelines/nightly.py\n" in result.stdout
    assert '\n-    run_bash("echo two", id=' in result.stdout
    assert '\n+    run_bash("echo three", id=' in result.stdout
    assert (content(project / "out"), times(project / "out")) == (before, moments)

    patch = "".join(
        line for line in result.stdout.splitlines(keepends=True) if not line.endswith("report\n")
    )
    subprocess.run(["git", "apply", "--directory=out"], input=patch, text=True, check=True)
    patched = (project / "out/pipelines/nightly.py").read_text()
    assert invoke("transpile", "dags", "--out", "out").exit_code == 0
    assert (project / "out/pipelines/nightly.py").read_text() == patched
    assert invoke("diff", "dags", "--out", "out").exit_code == 0


def test_new_and_removed_files(project: Path) -> None:
    change_dag(project, '"nightly"', '"daily"')
    result = invoke("diff", "dags", "--out", "out", "--stat")
    assert result.exit_code == 1
    lines = dict(reversed(line.split()[:2]) for line in result.stdout.splitlines())
    assert lines["pipelines/daily.py"] == "added"
    assert lines["pipelines/nightly.py"] == "removed"
    assert "pipelines/__init__.py" not in lines
    shown = invoke("diff", "dags", "--out", "out").stdout
    assert "deleted file mode 100644\n--- a/pipelines/nightly.py\n+++ /dev/null\n" in shown
    assert "new file mode 100644\n--- /dev/null\n+++ b/pipelines/daily.py\n" in shown


def test_hand_edits_are_merged_in_the_diff(project: Path) -> None:
    config = project / "out" / "pipelines" / "nightly.py"
    config.write_text("# mine\n" + config.read_text())
    assert invoke("diff", "dags", "--out", "out").exit_code == 0
    change_dag(project)
    data = json.loads(invoke("diff", "dags", "--out", "out", "--format", "json").stdout)
    assert data["because"] == ["dags/nightly.py"]
    kinds = {change["path"]: change["kind"] for change in data["changes"]}
    assert kinds["pipelines/nightly.py"] == "merged"
    (merged,) = [c for c in data["changes"] if c["path"] == "pipelines/nightly.py"]
    assert (merged["added"], merged["removed"]) == (1, 1)
    assert "mine" not in merged["diff"].partition("@@\n")[2].replace(" # mine", "")
    assert [f["code"] for f in data["findings"]] == ["D2Z513"]
    (report,) = [c for c in data["changes"] if c["path"] == "migration.json"]
    assert (report["diff"], report["added"]) == (None, None)


def test_an_open_conflict_is_not_clean(project: Path) -> None:
    pipeline = project / "out" / "pipelines" / "nightly.py"
    pipeline.write_text(pipeline.read_text().replace("echo two", "echo mine"))
    change_dag(project)
    transpiled = invoke("transpile", "dags", "--out", "out")
    assert transpiled.exit_code == 1
    assert "1 with conflicts" in transpiled.stderr
    line = pipeline.read_text().splitlines().index("<<<<<<< edited") + 1
    assert f"pipelines/nightly.py:{line}:1: D2Z510 manual" in transpiled.stdout
    result = invoke("diff", "dags", "--out", "out", "--check")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"out/pipelines/nightly.py:{line}: D2Z510 ")


def test_check_says_what_to_run(project: Path) -> None:
    change_dag(project)
    result = invoke("diff", "dags", "--out", "out", "--check")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "would change (dags/nightly.py changed). Run: dag2zen transpile dags --out out\n" in (
        result.stderr
    )


def test_colours(project: Path) -> None:
    change_dag(project)
    assert "\x1b[" not in invoke("diff", "dags", "--out", "out").stdout
    shown = invoke("diff", "dags", "--out", "out", "--color", "always").stdout
    assert '\n\x1b[31m-    run_bash("echo two", ' in shown
    assert '\n\x1b[32m+    run_bash("echo three", ' in shown


def test_errors(project: Path) -> None:
    assert "no output folder" in invoke("diff", "dags").stderr
    result = invoke("diff", "dags", "gone.py", "--out", "out")
    assert result.exit_code == 2
    assert "gone.py does not exist" in result.stderr
    (project / "out/.dag2zen/manifest.json").write_text("{}")
    result = invoke("diff", "dags", "--out", "out")
    assert result.exit_code == 2
    assert "manifest.json: the manifest is damaged. Take it back" in result.stderr


def test_before_the_first_run_everything_is_new(project: Path) -> None:
    result = invoke("diff", "dags", "--out", "elsewhere", "--stat")
    assert result.exit_code == 1
    assert all(line.startswith("added") for line in result.stdout.splitlines())
    assert not (project / "elsewhere").exists()


def test_a_second_set_of_dags_keeps_the_first_in_the_reports(project: Path) -> None:
    (project / "dags" / "weekly.py").write_text(DAG.replace('"nightly"', '"weekly"'))
    assert invoke("transpile", "dags/weekly.py", "--out", "out").exit_code == 0
    files = json.loads((project / "out/migration.json").read_text())["files"]
    assert [file["path"] for file in files] == ["dags/nightly.py", "dags/weekly.py"]
    assert (project / "out/pipelines/nightly.py").is_file()
    assert "0 files written" in invoke("transpile", "dags/weekly.py", "--out", "out").stderr

    (project / "dags" / "nightly.py").write_text(DAG + "(")
    assert invoke("transpile", "dags", "--out", "out").exit_code == 1
    assert (project / "out/pipelines/nightly.py").is_file()

    (project / "dags" / "nightly.py").unlink()
    assert invoke("transpile", "dags", "--out", "out").exit_code == 0
    assert not (project / "out/pipelines/nightly.py").exists()
    files = json.loads((project / "out/migration.json").read_text())["files"]
    assert [file["path"] for file in files] == ["dags/weekly.py"]


def test_a_dag_file_that_was_moved(project: Path) -> None:
    (project / "dags/sales").mkdir()
    (project / "dags/nightly.py").rename(project / "dags/sales/nightly.py")
    moved = project / "dags/sales/nightly.py"
    moved.write_text(moved.read_text().replace("echo two", "echo three"))
    result = invoke("transpile", moved, "--out", "out", "--verbose")
    assert result.exit_code == 0, result.output
    told = "was made from dags/nightly.py, which is gone; from now on it is made from dags/sales"
    assert result.stdout.count(told) == 1
    assert "echo three" in (project / "out/pipelines/nightly.py").read_text()
    files = json.loads((project / "out/migration.json").read_text())["files"]
    assert [file["path"] for file in files] == ["dags/sales/nightly.py"]
    assert "0 files written" in invoke("transpile", moved, "--out", "out").stderr


def test_two_dag_files_of_one_name(project: Path) -> None:
    (project / "dags/sales").mkdir()
    (project / "dags/sales/nightly.py").write_text(DAG.replace("two", "three"))
    result = invoke("transpile", "dags/sales", "--out", "out")
    assert result.exit_code == 1
    assert "D2Z514 manual" in result.stdout
    assert "which this run does not read" in result.stdout
    assert "echo two" in (project / "out/pipelines/nightly.py").read_text()


def test_a_report_that_cannot_be_carried_over(project: Path) -> None:
    (project / "dags" / "weekly.py").write_text(DAG.replace('"nightly"', '"weekly"'))
    (project / "out/migration.json").write_text("{}")
    result = invoke("diff", "dags/weekly.py", "--out", "out")
    assert result.exit_code == 2
    assert "cannot be carried over (dags/nightly.py). Name all DAG files" in result.stderr
