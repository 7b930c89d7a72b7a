"""Source code in messages."""

from __future__ import annotations

_MAX = 80


def shortened(code: str) -> str:
    """The code on one line, cut off after 80 characters."""
    line = " ".join(code.split())
    return line if len(line) <= _MAX else f"{line[: _MAX - 1]}…"
