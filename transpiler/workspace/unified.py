"""Unified diffs as git writes them, so that `git apply` takes them."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

_NO_NEWLINE = "\\ No newline at end of file"


@dataclass(frozen=True)
class TextDiff:
    """The hunks of one file, a line each, and how many lines come and go."""

    lines: tuple[str, ...]
    added: int
    removed: int


def text_diff(name: str, before: bytes | None, after: bytes | None) -> TextDiff:
    """Compare two contents of a file; None: there is no file."""
    old, new = _lines(before), _lines(after)
    hunks = list(_hunks(old, new))
    added = sum(line.startswith("+") for line in hunks)
    removed = sum(line.startswith("-") for line in hunks)
    return TextDiff((*_head(name, before, after, bool(hunks)), *hunks), added, removed)


def _head(name: str, before: bytes | None, after: bytes | None, has_hunks: bool) -> Iterator[str]:
    yield f"diff --git {_quoted('a/' + name)} {_quoted('b/' + name)}"
    if before is None:
        yield "new file mode 100644"
    if after is None:
        yield "deleted file mode 100644"
    if has_hunks:
        yield f"--- {'/dev/null' if before is None else _quoted('a/' + name)}"
        yield f"+++ {'/dev/null' if after is None else _quoted('b/' + name)}"


def _lines(content: bytes | None) -> list[str]:
    text = (content or b"").decode("utf-8", "replace")
    return [line for line in text.replace("\n", "\n\0").split("\0") if line]


def _hunks(old: list[str], new: list[str]) -> Iterator[str]:
    hunks = difflib.unified_diff(old, new)
    for line in list(hunks)[2:]:
        yield line.removesuffix("\n")
        if not line.endswith("\n") and line[0] in " +-":
            yield _NO_NEWLINE


def _quoted(path: str) -> str:
    """The path as git shows it: in quotes where it has characters that would be misread."""
    special = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n"}
    if not any(c in special or not c.isprintable() or ord(c) > 126 for c in path):
        return path
    encoded = (
        special.get(chr(byte)) or (chr(byte) if 32 <= byte < 127 else f"\\{byte:03o}")
        for byte in path.encode("utf-8", "backslashreplace")
    )
    return f'"{"".join(encoded)}"'
