"""Commands whose output cannot be written: a full disk, a folder that is in the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
DAG = """\
from datetime import datetime
from airflow import DAG
from airflow.operators.bash import BashOperator
with DAG("odd", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    BashOperator(task_id="load", bash_command="echo {{ ds }}", pool="small")
"""
NAME = "gr\u00fcn \"und\" 'blau' <b>$(x).py"
RUN = """
import os, resource, sys, typer.testing
from transpiler.cli import app
limits = resource.getrlimit(resource.RLIMIT_FSIZE)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), limits[1]))
result = typer.testing.CliRunner().invoke(app, sys.argv[2:])
resource.setrlimit(resource.RLIMIT_FSIZE, limits)
os.write(1, result.output.encode())
os._exit(result.exit_code)
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / NAME).write_text(DAG)
    return tmp_path


def with_small_files(project: Path, limit: int, *arguments: str) -> tuple[int, str]:
    """The command where files cannot grow over `limit` bytes, which fails as a full disk does."""
    done = subprocess.run(
        [sys.executable, "-c", RUN, str(limit), *arguments],
        cwd=project,
        # Python would leave halves of bytecode files for others to stumble over.
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        check=False,
    )
    return done.returncode, done.stdout.decode()


@pytest.mark.parametrize(
    ("arguments", "limit", "remedy"),
    [
        (("init",), 100, "migration.yaml cannot be written: File too large"),
        (("assess", "dags", "--html", "report"), 8_000, "another folder with --html"),
        (("transpile", "dags", "--out", "out"), 2_000, "another folder with --out"),
    ],
)
def test_a_full_disk_leaves_nothing_behind(
    project: Path, arguments: tuple[str, ...], limit: int, remedy: str
) -> None:
    code, output = with_small_files(project, limit, *arguments)
    assert (code, "Traceback" in output) == (2, False), output
    assert remedy in output
    assert [path for path in project.rglob("*") if path.is_file()] == [project / "dags" / NAME]


def test_odd_file_names_are_read_and_shown(project: Path) -> None:
    from typer.testing import CliRunner

    from transpiler.cli import app

    for other in ("dags/a b.py", "dags/{{ ds }}.py"):
        (project / other).write_text(DAG.replace('"odd"', f'"odd_{len(other)}"'))
    runner = CliRunner()
    html = runner.invoke(app, ["assess", str(project / "dags"), "--html", str(project / "r")])
    assert html.exit_code == 0, html.output
    index = (project / "r" / "index.html").read_text(encoding="utf-8")
    assert "<b>$(x)" not in index and "&lt;b&gt;$(x)" in index
    made = runner.invoke(
        app,
        ["transpile", str(project / "dags"), "--out", str(project / "out"), "--format", "github"],
    )
    assert made.exit_code == 0, made.output
    names = sorted(path.name for path in (project / "out" / "pipelines").glob("odd*.py"))
    assert names == ["odd.py", "odd_11.py", "odd_16.py"]
