"""The pytest plugin for a team's own migrations."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from transpiler.testing.snapshots import _failure

DAG = """\
from datetime import datetime
from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    BashOperator(task_id="load", bash_command="echo {{ ds }}", pool="warehouse")
"""
TEST = """\
def test_nightly(migration_snapshot):
    migration_snapshot.check("dags/nightly.py", config="migration.yaml")
"""


def test_a_failure_names_the_files_and_shows_unified_diffs() -> None:
    text = _failure(
        {"sql/a.sql": ("SELECT 1\nFROM a\n", "SELECT 2\nFROM a\n"), "new.py": (None, "x")}
    )
    assert text.splitlines() == [
        "2 of the emitted files are not as their snapshots:",
        "",
        "  sql/a.sql",
        "  new.py",
        "",
        "--- snapshot sql/a.sql",
        "+++ emitted sql/a.sql",
        "@@ -1,2 +1,2 @@",
        "-SELECT 1",
        "+SELECT 2",
        " FROM a",
        "",
        "new.py: there is no snapshot of it yet",
        "",
        "Accept the change with: pytest --snapshot-update",
    ]


def test_a_long_diff_is_cut() -> None:
    text = _failure({"a.py": ("", "x\n" * 500)})
    assert "… 304 more lines" in text
    assert len(text.splitlines()) == 206


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:randomly",
            "-p",
            "no:cacheprovider",
            *arguments,
        ],
        cwd=folder,
        # A worker of these tests is no worker of those: syrupy reports only outside of workers.
        env={name: value for name, value in os.environ.items() if "XDIST" not in name},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_life_of_a_snapshot(tmp_path: Path) -> None:
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "nightly.py").write_text(DAG)
    (tmp_path / "migration.yaml").write_text('airflow_version: "2.10"\n')
    (tmp_path / "test_migration.py").write_text(TEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")

    missing = run(tmp_path)
    assert missing.returncode == 1
    assert "pipelines/nightly.py: there is no snapshot of it yet" in missing.stdout
    assert run(tmp_path, "--snapshot-update").returncode == 0
    kept = tmp_path / "__snapshots__" / "test_migration"
    names = sorted(path.name for path in kept.iterdir())
    assert "test_nightly[pipelines__nightly.py].txt" in names
    assert ":69: D2Z212" in (kept / "test_nightly[findings].txt").read_text()
    assert run(tmp_path).returncode == 0

    (tmp_path / "dags" / "nightly.py").write_text(DAG.replace("echo {{ ds }}", "echo {{ ts }}"))
    changed = run(tmp_path)
    assert changed.returncode == 1
    assert "1 of the emitted files are not as their snapshots" in changed.stdout
    lines = changed.stdout.splitlines()
    assert any(line.startswith("-") and "echo {{ ds }}" in line for line in lines)
    assert any(line.startswith("+") and "echo {{ ts }}" in line for line in lines)

    (tmp_path / "dags" / "nightly.py").write_text(DAG)
    (kept / "test_nightly[sql__gone.sql].txt").write_text("SELECT 1")
    assert "1 snapshot unused" in run(tmp_path).stdout


@pytest.mark.slow
def test_without_syrupy_it_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "test_migration.py").write_text(TEST)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    done = run(tmp_path, "-p", "no:syrupy")
    assert done.returncode == 1
    assert "pip install 'dag2zen[pytest]'" in done.stdout
