"""Folders with ignore files, and how a test asks for what is left of them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from transpiler.ignoring.rules import Syntax
from transpiler.ignoring.tree import NAME, IgnoreTree

FILES = (
    "a.py",
    "old_b.py",
    "archive/c.py",
    "archive/keep/d.py",
    "team/archive/e.py",
    "team/my_archive.py",
    "team/deep/old_f.py",
    "team/deep/x[1].py",
    "team/a b.py",
    "team/#g.py",
    "team/h!.py",
)
Ignores = Mapping[str, str]
"""The text of the ignore file of each folder."""
CASES: tuple[Ignores, ...] = (
    {"": ""},
    {"": "archive\n"},
    {"": "archive/\n"},
    {"": "/archive\n"},
    {"": "^archive\n"},
    {"": "# nothing\n\n   \n"},
    {"": "old_  # since 2022\r\nkeep\r\n"},
    {"": "old_*\n!old_b.py\n"},
    {"": "*\n!a.py\n!team\n!team/my_archive.py\n"},
    {"": "archive/\n!archive/keep/\n"},
    {"": "!archive/\narchive\n"},
    {"": "team/**\n"},
    {"": "**/archive\n"},
    {"": "team/**/old_f.py\n"},
    {"": "team/*/old_?.py\n"},
    {"": "/\n"},
    {"": "/*\n"},
    {"": "*/\n"},
    {"": "**\n"},
    {"": "**/\n"},
    {"": "**/*/\n"},
    {"": "[ao]*.py\n"},
    {"": "[!ao]*.py\n"},
    {"": "x\\[1\\].py\n"},
    {"": "x[[]1].py\n"},
    {"": "team/a b.py\n"},
    {"": "\\#g.py\n"},
    {"": "h\\!.py\n"},
    {"": "(unclosed\n"},
    {"": "archive/(?!keep)\n"},
    {"": "(a|old_b)\\.py$\n"},
    {"": ".*archive.*\n"},
    {"": "^.*deep/.*$\n"},
    {"": "[z-a]\nold\n"},
    {"": "a\\\n"},
    {"team": "deep\n"},
    {"team": "^team/deep\n"},
    {"team": "/deep/old_f.py\n"},
    {"team": "^deep\n"},
    {"": "my_\n", "team": "!my_archive.py\na b\n"},
    {"": "team\n", "team": "!*\n"},
    {"team/deep": "*\n", "archive": ".\n"},
)


def make(top: Path, ignores: Ignores) -> Path:
    """The folder `top` with all FILES and the ignore files."""
    for name in FILES:
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text("from airflow import DAG\n")
    for folder, text in ignores.items():
        (top / folder / NAME).write_bytes(text.encode())
    return top


def kept(top: Path, syntax: Syntax, airflow: int, names: tuple[str, ...] = FILES) -> list[str]:
    """The files that are looked at."""
    tree = IgnoreTree(top, syntax, airflow)
    return [name for name in names if tree.leaves_out(top / name) is None]
