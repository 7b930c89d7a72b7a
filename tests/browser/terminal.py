"""The picture of a terminal for the documentation: what a command prints in colour, as SVG."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

WIDTH = 110
_FONT_FACES = re.compile(r"@font-face \{\{.*?\}\}\s*", re.DOTALL)
"""rich names fonts of a server; the picture has to load nothing."""


def screen(command: list[str], folder: Path) -> str:
    """The picture of the command, as `dag2zen …` run in the folder."""
    environment = {**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}
    done = subprocess.run(
        [sys.executable, "-m", "transpiler", *command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode > 1:
        raise RuntimeError(done.stderr)
    return picture(done.stdout, " ".join(["dag2zen", *command]))


def picture(text: str, title: str) -> str:
    """Text with colour codes as SVG, under the title."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(text.rstrip("\n")))
    return console.export_svg(
        title=title,
        theme=MONOKAI,
        code_format=_FONT_FACES.sub("", CONSOLE_SVG_FORMAT),
        unique_id="terminal",
    )
