"""`dag2zen pr` where something is in the way, and what must not get into a branch."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from tests.workspace.repositories import DAG, environment, forge_server, git, make_repository, state
from transpiler.cli import app
from transpiler.workspace.pull_request.worktree import PREFIX

URL = "https://github.example.com/acme/dags.git"
BRANCH = "dag2zen/nightly"
PASSWORD, TOKEN, KEY = "hunter2-and-more", "xoxb-4822-aBcDeFgHiJkL", "wJalrXUtnFEMIK7MDENGbPx"
SECRETS = f'''\
"""Loads the shop. The password of the warehouse is {PASSWORD}."""
from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
from airflow.providers.snowflake.operators.snowflake import SnowflakeOperator

PASSWORD = "{PASSWORD}"


def post(token="{TOKEN}"):
    # The old key was: api_key={KEY}
    print(len(token))


with DAG("nightly", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False,
         params={{"password": "{PASSWORD}"}}):
    BashOperator(task_id="a", bash_command="curl -u ada:{PASSWORD} https://shop.example.com")
    PythonOperator(task_id="b", python_callable=post)
    SnowflakeOperator(task_id="c", snowflake_conn_id="dwh", sql="""
        CREATE STAGE s CREDENTIALS = (AWS_SECRET_KEY = '{KEY}')""")
    BashOperator(task_id="d", bash_command="echo {{{{ ds }}}}", env={{"API_KEY": "{KEY}"}})
'''


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, environment()[name])
    for name in ("GITHUB_TOKEN", "GH_TOKEN", "GITHUB_API_URL"):
        monkeypatch.delenv(name, raising=False)
    root = make_repository(tmp_path / "acme", {"dags/nightly.py": DAG}, URL)
    monkeypatch.chdir(root)
    return root


def pr(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["pr", *map(str, arguments), "--no-verify"])


def test_a_token_without_rights_leaves_the_branch_and_says_what_is_next(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GH_TOKEN", TOKEN)
    before = state(repository)
    with forge_server() as forge:
        pulls = "/repos/acme/dags/pulls"
        forge.answers[("GET", pulls)] = (200, [])
        forge.answers[("POST", pulls)] = (403, {"message": "Resource not accessible by token"})
        result = pr("dags/nightly.py", "--push", "--api-url", forge.url)
    assert result.exit_code == 2
    assert "the token has no right to do this (403: Resource not accessible" in result.stderr
    assert TOKEN not in result.output and "Traceback" not in result.output
    assert git(repository, "rev-parse", BRANCH)
    assert (repository / ".git/dag2zen/dag2zen-nightly.md").is_file()
    assert state(repository) == before


def test_another_run_that_makes_the_same_branch(repository: Path, tmp_path: Path) -> None:
    assert pr("dags/nightly.py").exit_code == 0
    other = tmp_path / f"{PREFIX}x y" / "acme"
    git(repository, "worktree", "add", "-q", str(other), BRANCH)
    result = pr("dags/nightly.py")
    assert result.exit_code == 2
    assert f"another run of `dag2zen pr` is making the branch {BRANCH}" in result.stderr
    # What it says about one that was killed works.
    remedy = result.stderr.partition("killed: ")[2].strip()
    subprocess.run(["bash", "-c", remedy], check=True, cwd=repository, env=environment())
    assert pr("dags/nightly.py").exit_code == 0


def without_override() -> None:
    """Take from root the right to write what its permissions do not allow."""
    bounding_set_drop, dac_override = 24, 1  # linux/prctl.h, linux/capability.h
    if ctypes.CDLL(None, use_errno=True).prctl(bounding_set_drop, dac_override, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


@pytest.mark.skipif(sys.platform != "linux", reason="capabilities are Linux's")
def test_a_repository_that_cannot_be_written(repository: Path) -> None:
    before = state(repository)
    folders = [repository, *(folder for folder in repository.rglob("*") if folder.is_dir())]
    for folder in folders:
        folder.chmod(0o555)
    command = [sys.executable, "-m", "transpiler", "pr", "dags/nightly.py", "--no-verify"]
    done = subprocess.run(
        command,
        env={**environment(), "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=repository,
        preexec_fn=without_override if os.getuid() == 0 else None,
        capture_output=True,
        text=True,
        check=False,
    )
    for folder in folders:
        folder.chmod(0o755)
    assert done.returncode == 2, done.stdout + done.stderr
    assert "Permission denied" in done.stderr and "Traceback" not in done.stderr
    assert state(repository) == before


def test_no_secret_of_a_dag_gets_into_branch_text_or_output(repository: Path) -> None:
    (repository / "dags/nightly.py").write_text(SECRETS)
    git(repository, "commit", "-q", "-a", "-m", "Secrets")
    git(repository, "push", "-q", "origin", "main")
    result = pr("dags/nightly.py", "--format", "json")
    assert result.exit_code in (0, 1), result.output
    (row,) = json.loads(result.stdout)
    made = {
        "branch": git(repository, "log", "-p", f"main..{BRANCH}"),
        "text": Path(str(row["description"])).read_text(encoding="utf-8"),
        "output": result.output,
    }
    assert "pipelines/nightly.py" in made["branch"]
    for secret in (PASSWORD, TOKEN, KEY):
        assert {name for name, text in made.items() if secret in text} == set()
