"""The commands that a page shows, run in order: each prints what the page says."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

from typer.testing import CliRunner

from tests.workspace.repositories import environment
from transpiler.cli import app

DOCS = Path(__file__).parents[2] / "docs"
CUT = "..."
"""On a line of its own, or at the end of one: something is left out."""


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
    """What a command prints to both streams, in that order."""
    words = shlex.split(command)
    if words[0] == "dag2zen":
        result = CliRunner().invoke(app, words[1:])
        assert result.exit_code in (0, 1), result.output
        return result.output
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=True, env=environment()
    )
    return done.stdout
