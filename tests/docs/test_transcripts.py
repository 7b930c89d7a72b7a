"""The pages that show a sequence of commands: each prints what the page says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.transcripts import blocks, check_transcripts
from tests.workspace.repositories import DAG, environment, make_repository


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


def test_quickstart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dags").mkdir()
    (tmp_path / "dags" / "nightly.py").write_text(blocks("quickstart.md", "python")[0])
    monkeypatch.chdir(tmp_path)
    check_transcripts("quickstart.md")
