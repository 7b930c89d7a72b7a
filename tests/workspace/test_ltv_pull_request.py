"""The pull request of the LTV DAG, as its reviewer gets it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from typer.testing import CliRunner

from tests.workspace.repositories import environment, git, make_repository
from transpiler.cli import app

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures_dags"
DAG = "fixtures_dags/tran-ds-ltv-acquisition-be-inference.py"
BRANCH = "dag2zen/tran-ds-ltv-acquisition-be-inference"
OUT = "zenml/tran-ds-ltv-acquisition-be-inference"


class Markdown(SingleFileSnapshotExtension):
    """One file, to be read as it is."""

    _write_mode = WriteMode.TEXT
    file_extension = "md"


@pytest.mark.slow
def test_the_ltv_pull_request(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, snapshot: SnapshotAssertion
) -> None:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"):
        monkeypatch.setenv(name, environment()[name])
    root = make_repository(
        tmp_path / "acme", {"README.md": "x"}, "https://github.com/acme/dags.git"
    )
    left_out = shutil.ignore_patterns("demo", "broken", "__pycache__")
    shutil.copytree(FIXTURES, root / "fixtures_dags", ignore=left_out)
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "DAGs")
    git(root, "push", "-q", "origin", "main")

    result = CliRunner().invoke(app, ["pr", str(root / DAG)])

    assert result.exit_code == 0, result.output
    text = (root / f".git/dag2zen/{BRANCH.replace('/', '-')}.md").read_text(encoding="utf-8")
    base = git(root, "rev-parse", "main")
    assert text.replace(base, "BASE") == snapshot(extension_class=Markdown)
    # All SQL that the DAG has in files is seen as copied, whole.
    first = git(root, "rev-list", "--reverse", f"main..{BRANCH}").splitlines()[0]
    shown = git(root, "show", "-C", "--find-copies-harder", "--name-status", "--format=", first)
    copies = [line for line in shown.splitlines() if line.startswith("C100\t")]
    assert len(copies) == len(list((FIXTURES / "sql" / "ltv_be").glob("*.sql")))
