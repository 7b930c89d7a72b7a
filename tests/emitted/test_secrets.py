"""Secrets written into a DAG file reach no output: no file, no report, no line on the screen."""

from __future__ import annotations

import ast
import gzip
import subprocess
import sys
from pathlib import Path

import pytest

SECRETS = ("hunter2-Sup3r", "Tr0ub4dor3", "s3cr3t-value-1", "AKIAIOSFODNN7EXAMPLE")
DAG = """\
from datetime import datetime
from airflow import DAG
from airflow.operators.bash import BashOperator
DB_PASSWORD = "hunter2-Sup3r"  # was hunter2-Sup3r before, too
URI = "postgresql://bob:Tr0ub4dor3@db.example.com/x"
with DAG("leaky", start_date=datetime(2024, 1, 1), schedule="@daily", tags=["AKIAIOSFODNN7EXAMPLE"]):
    BashOperator(
        task_id="a",
        bash_command=f"psql {URI} && echo {DB_PASSWORD}",
        env={"API_KEY": "s3cr3t-value-1"},
        bogus="Tr0ub4dor3",
    )
"""


@pytest.fixture(scope="module")
def leaky(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The output folder, and all that the command printed."""
    folder = tmp_path_factory.mktemp("leaky")
    (folder / "leaky.py").write_text(DAG, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "transpiler",
        "transpile",
        str(folder / "leaky.py"),
        "--out",
        str(folder / "out"),
    ]
    done = subprocess.run(
        [*command, "--format", "json"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    return folder / "out", done.stdout + done.stderr


def content(path: Path) -> bytes:
    """What a file holds; those that are kept for merging are packed."""
    data = path.read_bytes()
    return gzip.decompress(data) if data.startswith(b"\x1f\x8b") else data


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_shows_the_secret(leaky: tuple[Path, str], secret: str) -> None:
    folder, printed = leaky
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 5
    assert [path.name for path in files if secret.encode() in content(path)] == []
    assert secret not in printed


def test_code_reads_the_environment(leaky: tuple[Path, str]) -> None:
    code = (leaky[0] / "pipelines" / "leaky.py").read_text(encoding="utf-8")
    ast.parse(code)
    assert 'DB_PASSWORD = os.environ["DB_PASSWORD"]' in code
    assert '"API_KEY": os.environ["API_KEY"]' in code


def test_each_secret_is_a_finding(leaky: tuple[Path, str]) -> None:
    assert leaky[1].count('"code": "D2Z601"') == 4
