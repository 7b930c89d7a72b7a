"""Unified diffs: git takes them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from transpiler.workspace.unified import text_diff


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"a\nb\n", b"a\nc\n"),
        (b"a\nb", b"a\nb\n"),
        (b"a\nb\n", b"a\nb"),
        (b"a\r\nb\r\n", b"a\r\nc\r\n"),
        (b"a\x0cb\n", b"a\x0cc\n"),
        (None, b"new\n"),
        (b"old\n", None),
        (None, b""),
        (b"", None),
        ("ä\n".encode(), "ö\n".encode()),
    ],
)
@pytest.mark.parametrize("name", ["a.txt", 'with "quotes" and\ttab.txt', "grün und blau.txt"])
def test_git_applies_it(
    tmp_path: Path, name: str, before: bytes | None, after: bytes | None
) -> None:
    path = tmp_path / name
    if before is not None:
        path.write_bytes(before)
    diff = text_diff(name, before, after)
    patch = "".join(f"{line}\n" for line in diff.lines).encode()
    subprocess.run(["git", "apply"], input=patch, cwd=tmp_path, check=True)
    assert (path.read_bytes() if path.exists() else None) == after


def test_numbers_of_lines() -> None:
    diff = text_diff("a", b"--a\nb\nc\n", b"b\nc\n++d\ne\n")
    assert (diff.added, diff.removed) == (2, 1)
    assert text_diff("a", None, b"").added == 0
