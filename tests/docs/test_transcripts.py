"""The pages that show a sequence of commands: each prints what the page says."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.workspace.repositories import DAG, environment, make_repository
from transpiler.cli import app

DOCS = Path(__file__).parents[2] / "docs"
CUT = "..."


def blocks(page: str, language: str) -> list[str]:
    """The code blocks of a language."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{language}[^\n]*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def check_transcripts(page: str) -> None:
    """Run the commands of all console blocks in the current folder, in order."""
    for block in blocks(page, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, shown = part.partition("\n")
            printed = run(command)
            for piece in shown.split(f"{CUT}\n"):
                assert piece in printed, f"{command}\n--- shown\n{piece}\n--- printed\n{printed}"


def run(command: str) -> str:
    """What a command prints, to both streams."""
    words = shlex.split(command)
    if words[0] == "dag2zen":
        result = CliRunner().invoke(app, words[1:])
        assert result.exit_code in (0, 1), result.output
        return result.stdout + result.stderr
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=True, env=environment()
    )
    return done.stdout


def test_re_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "nightly.py").write_text(blocks("re-runs.md", "python")[0])
    monkeypatch.chdir(tmp_path)
    check_transcripts("re-runs.md")


def test_pull_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, environment()[name])
    root = make_repository(tmp_path / "acme", {"dags/nightly.py": DAG})
    monkeypatch.chdir(root)
    # Without ZenML, which needs seconds and changes nothing of what is printed.
    monkeypatch.setattr("transpiler.verify.project.find_spec", lambda name: None)
    check_transcripts("pull-request.md")
