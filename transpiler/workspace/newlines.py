"""Line endings: an edited file keeps its own."""

from __future__ import annotations


def newline_of(content: bytes) -> bytes | None:
    """The line ending that most lines have; None for a text of one line."""
    crlf = content.count(b"\r\n")
    lf = content.count(b"\n") - crlf
    if crlf == lf == 0:
        return None
    return b"\r\n" if crlf > lf else b"\n"


def with_newlines_of(content: bytes, example: bytes) -> bytes:
    """The generated content with the line endings of the example.

    Content with both kinds stays as it is: there a line ending means something.
    """
    wanted, crlf = newline_of(example), content.count(b"\r\n")
    if wanted is None or crlf not in (0, content.count(b"\n")):
        return content
    return content.replace(b"\r\n", b"\n").replace(b"\n", wanted)
