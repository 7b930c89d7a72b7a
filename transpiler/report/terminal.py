"""Lines with kinds to a stream: in colour where it is a terminal that wants it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from typing import TextIO

STYLES: Mapping[str, str] = {
    "manual": "red",
    "warning": "yellow",
    "info": "dim",
    "remedy": "dim",
    "file": "bold",
    "title": "bold",
    "head": "bold",
    "error": "bold red",
    "code": "cyan",
    "": "",
}


def wants_colour(stream: TextIO) -> bool:
    """Whether to write colours: a terminal, unless NO_COLOR or TERM=dumb; FORCE_COLOR wins.

    https://no-color.org, https://force-color.org: a variable counts when it is not empty.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def print_lines(lines: Iterable[tuple[str, str]], stream: TextIO) -> None:
    """Write lines, each with the kind that decides on its colour. The text is never read as markup.

    Lines are as long as they are: a terminal wraps them, and a search or an editor finds the places.
    """
    if not wants_colour(stream):
        stream.writelines(f"{text}\n" for text, _ in lines)
        return
    from rich.console import Console
    from rich.text import Text

    console = Console(file=stream, soft_wrap=True, force_terminal=True)
    for text, kind in lines:
        console.print(Text(text, style=STYLES[kind]), highlight=False)
