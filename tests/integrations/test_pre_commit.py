"""The hooks for pre-commit: what they name exists, and a real commit runs them."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from tests.workspace.repositories import DAG, environment, git
from transpiler.cli import app

REPOSITORY = Path(__file__).resolve().parents[2]
HOOKS: dict[str, dict[str, Any]] = {
    hook["id"]: hook for hook in yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text())
}


def test_the_hooks_name_commands_and_options_that_exist() -> None:
    assert set(HOOKS) == {"dag2zen-check", "dag2zen-assess"}
    for hook in HOOKS.values():
        program, command, *options = shlex.split(hook["entry"])
        assert program == "dag2zen"
        shown = CliRunner().invoke(app, [command, "--help"]).output
        for option in [*options, *hook["args"]]:
            assert not option.startswith("--") or option in shown
        assert (hook["language"], hook["pass_filenames"]) == ("python", False)


@pytest.mark.slow
def test_a_commit_runs_the_hooks(tmp_path: Path) -> None:
    """What pre-commit does with them: entry and arguments, in the repository's folder."""
    git(tmp_path, "init", "-q", "-b", "main")
    for name, value in (("user.name", "A"), ("user.email", "a@example.org")):
        git(tmp_path, "config", name, value)
    hook = tmp_path / ".git/hooks/pre-commit"
    lines = [f"{h['entry']} {shlex.join(h['args'])} >/dev/null || exit 1" for h in HOOKS.values()]
    hook.write_text("#!/bin/sh\n" + "\n".join(lines) + "\n")
    hook.chmod(0o755)

    dag = tmp_path / "dags" / "nightly.py"
    dag.parent.mkdir()
    dag.write_text(DAG)
    out = tmp_path / "zenml"
    assert CliRunner().invoke(app, ["transpile", str(dag), "--out", str(out)]).exit_code == 0
    first = commit(tmp_path)
    assert first.returncode == 0, first.stderr
    dag.write_text(DAG.replace("echo two", "echo three"))
    second = commit(tmp_path)
    assert second.returncode == 1
    assert "would change (dags/nightly.py changed). Run: dag2zen transpile dags" in second.stderr


def commit(root: Path) -> subprocess.CompletedProcess[str]:
    git(root, "add", "-A")
    scripts = Path(sys.executable).parent
    env = {**environment(), "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}
    command = ["git", "commit", "-q", "-m", "x"]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
