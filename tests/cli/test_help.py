"""The list of commands is read on a terminal of 80 columns."""

from __future__ import annotations

from typer.testing import CliRunner

from transpiler.cli import app


def test_no_line_of_the_list_is_cut() -> None:
    text = CliRunner().invoke(app, ["--help"], terminal_width=80).output
    _, _, commands = text.partition("Commands:\n")
    lines = commands.splitlines()
    assert len(lines) == 15
    assert not [line for line in lines if line.endswith("...") or len(line) > 80]
