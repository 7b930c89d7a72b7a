"""The walk through a company's repository: the page's commands print what it says."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.docs.transcripts import DOCS, check_transcripts
from tests.workspace.repositories import environment, git

COMPANY = Path(__file__).parent / "company"


@pytest.mark.slow
def test_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, zenml_store: None) -> None:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, environment()[name])
    root = tmp_path / "acme"
    shutil.copytree(COMPANY, root, ignore=shutil.ignore_patterns("__pycache__"))
    git(root, "init", "-q", "-b", "main")
    git(root, "config", "user.name", "Ada Example")
    git(root, "config", "user.email", "ada@example.org")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "DAGs")
    monkeypatch.chdir(root)

    check_transcripts("walkthrough.md")

    # The branch is what a run in the work tree would have written, edits included.
    text = (root / ".git/dag2zen/dag2zen-churn_scoring.md").read_text(encoding="utf-8")
    assert "- [x] `dag2zen verify`: the pipeline compiles with ZenML" in text
    assert "export SNOWFLAKE_DWH_USER=..." in text and "SMTP" not in text


def test_the_repository_is_what_the_page_says() -> None:
    dag_files = [path for path in (COMPANY / "dags").rglob("*.py") if "DAG" in path.read_text()]
    assert len(dag_files) >= 19
    page = (DOCS / "walkthrough.md").read_text(encoding="utf-8")
    assert re.search(r"tests/walkthrough/company\]\(\S+\)", page)
