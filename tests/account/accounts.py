"""Accounts of files as `transpile` draws them up."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from transpiler.batch.job import Job, Request, process
from transpiler.config import MigrationConfig
from transpiler.model.account import Construct
from transpiler.report.result import FileResult


@lru_cache(maxsize=64)
def result_of(path: Path, root: Path, *, emit: bool = True) -> FileResult:
    """The result of one file, with its account."""
    return process(Request(path), Job(root, MigrationConfig(), (), emit))


def account_of_text(text: str, folder: Path) -> FileResult:
    """The result of a file with that text."""
    path = folder / "d.py"
    path.write_text(text)
    return process(Request(path), Job(folder, MigrationConfig(), (), True))


def row(result: FileResult, text: str) -> Construct:
    """The row whose source starts with that text."""
    found = [item for item in result.account if item.text.startswith(text)]
    assert len(found) == 1, [item.text for item in result.account]
    return found[0]
