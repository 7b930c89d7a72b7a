"""The rule of the documentation does what its example says."""

from __future__ import annotations

import runpy
from pathlib import Path

from typer.testing import CliRunner

from tests.docs.transcripts import blocks
from transpiler.cli import app


def test_the_rule(tmp_path: Path) -> None:
    (text,) = blocks("writing-rules.md", "python")
    rules = tmp_path / "migration_rules"
    rules.mkdir()
    (rules / "ssh.py").write_text(text, encoding="utf-8")
    example = runpy.run_path(str(rules / "ssh.py"))["DUMP"]
    dag = tmp_path / "nightly.py"
    dag.write_text(example.before, encoding="utf-8")

    result = CliRunner().invoke(
        app, ["transpile", str(dag), "--out", str(tmp_path / "out"), "--rules", str(rules)]
    )

    assert result.exit_code == 0, result.output
    module = (tmp_path / "out" / "pipelines" / "nightly.py").read_text(encoding="utf-8")
    assert example.after.strip() in module


def test_what_is_known_only_at_run_time_is_refused(tmp_path: Path) -> None:
    (text,) = blocks("writing-rules.md", "python")
    rules = tmp_path / "ssh.py"
    rules.write_text(text, encoding="utf-8")
    before = runpy.run_path(str(rules))["DUMP"].before
    dag = tmp_path / "nightly.py"
    unknown = before.replace('command="dump.sh {{ ds }}"', "command=__import__('x').command()")
    dag.write_text(unknown, encoding="utf-8")

    result = CliRunner().invoke(app, ["assess", str(dag), "--rules", str(rules)])

    assert result.exit_code == 1
    assert "command is known only when the file runs" in result.output
