"""The composite GitHub Action: its scripts run as the runner runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from tests.workspace.repositories import DAG
from transpiler.cli import app

REPOSITORY = Path(__file__).resolve().parents[2]
ACTION: dict[str, Any] = yaml.safe_load((REPOSITORY / "action.yml").read_text())
STEPS: list[dict[str, Any]] = ACTION["runs"]["steps"]
SCRIPTS = {step["name"]: step for step in STEPS if "run" in step}
UNKNOWN = DAG.replace("airflow.operators.bash", "acme.operators")


def test_no_input_gets_into_a_script() -> None:
    """Inputs come by the environment: in a script, they could add commands."""
    for step in SCRIPTS.values():
        assert "${{" not in step["run"], step["name"]
        assert step["shell"] == "bash"


def test_every_input_is_used_and_every_used_one_is_there() -> None:
    text = str(STEPS)
    used = set(re.findall(r"inputs\.([\w-]+)", text))
    assert used == set(ACTION["inputs"])
    assert all(isinstance(fields["default"], str) for fields in ACTION["inputs"].values())


def run_step(name: str, cwd: Path, **values: str) -> subprocess.CompletedProcess[str]:
    """Run a step's script with inputs and outputs filled in, as the runner does."""
    step = SCRIPTS[name]

    def filled(match: re.Match[str]) -> str:
        key = match[1].rpartition(".")[2].replace("-", "_")
        return values[key]

    env = {
        variable: re.sub(r"\$\{\{ ([\w.-]+) \}\}", filled, text)
        for variable, text in step.get("env", {}).items()
    }
    scripts = Path(sys.executable).parent
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=cwd,
        env={
            **os.environ,
            **env,
            "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_OUTPUT": str(cwd / "output.txt"),
        },
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
def test_the_scripts(tmp_path: Path) -> None:
    dags = tmp_path / "my dags"
    dags.mkdir()
    (dags / "nightly.py").write_text(DAG)
    made = CliRunner().invoke(app, ["transpile", str(dags), "--out", str(tmp_path / "zen ml")])
    assert made.exit_code == 0, made.output

    assessed = run_step("Assess", tmp_path, dags="my dags\n\n", sarif="found.sarif")
    assert assessed.returncode == 0, assessed.stderr
    assert (tmp_path / "output.txt").read_text() == "findings=0\n"
    checked = run_step("Check the pipelines", tmp_path, dags="my dags", out="zen ml")
    assert checked.returncode == 0, checked.stderr

    (dags / "legacy.py").write_text(UNKNOWN.replace("nightly", "legacy"))
    run_step("Assess", tmp_path, dags="my dags", sarif="found.sarif")
    count = (tmp_path / "output.txt").read_text().splitlines()[-1].removeprefix("findings=")
    assert int(count) > 0
    assert run_step("Fail on findings", tmp_path, findings=count).returncode == 1
    assert run_step("Fail on findings", tmp_path, findings="0").returncode == 0
    checked = run_step("Check the pipelines", tmp_path, dags="my dags", out="zen ml")
    assert checked.returncode == 1
    assert "would change" in checked.stderr
    assert run_step("Assess", tmp_path, dags="gone", sarif="x.sarif").returncode == 2
