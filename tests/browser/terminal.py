"""The picture of a terminal for the documentation: what a command prints in colour, as SVG."""

from __future__ import annotations

import errno
import io
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
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
    ours, theirs = pty.openpty()  # what it prints on a terminal, lines broken as there
    with subprocess.Popen(
        [sys.executable, "-m", "transpiler", *command],
        cwd=folder,
        env=environment,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    ) as process:
        os.close(theirs)
        printed = b"".join(_read(ours))
    os.close(ours)
    if process.returncode > 1:
        raise RuntimeError(f"{command} ended with exit code {process.returncode}")
    text = printed.decode("utf-8").replace("\r\n", "\n")
    return picture(text, " ".join(["dag2zen", *command]))


def _read(descriptor: int) -> Iterator[bytes]:
    """What a terminal is given, to its end; Linux then gives an error."""
    try:
        while piece := os.read(descriptor, 65536):
            yield piece
    except OSError as error:
        if error.errno != errno.EIO:
            raise


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
