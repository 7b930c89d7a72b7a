"""Text to the width of a terminal."""

from __future__ import annotations

import textwrap

_NARROWEST = 40


def wrapped(text: str, width: int | None, *, indent: int) -> list[str]:
    """The text on one line, or on lines of at most `width` columns, further ones indented."""
    if width is None:
        return [text]
    return textwrap.wrap(
        text,
        max(width, _NARROWEST),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
