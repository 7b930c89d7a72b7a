"""Which files of the given paths are DAG files, and where the project root is."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from transpiler.source import unsearched
from transpiler.source.errors import SourceError
from transpiler.source.text import MAX_BYTES

_SKIPPED = {".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".tox", "site-packages"}
_DAG_FOLDERS = {"dags", "fixtures_dags"}
MAX_ENTRIES = 250_000
"""Files and folders that are looked at below one path; a checkout of Airflow has 13,000."""
MAX_SCANNED = 1024**3
"""Bytes of Python files below one path that are searched for the words of a DAG."""


def discover(
    paths: Iterable[Path], passed_over: list[tuple[Path, str]] | None = None
) -> Iterator[Path]:
    """Each file as given, and for each folder the files in it that look like DAG files, sorted.

    A file looks like a DAG file where its text has both `dag` and `airflow`, as Airflow's own safe
    mode has it
    (https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html#loading-dags).
    Links to folders are not followed, nor are archives read: both are added to `passed_over` with
    the reason. A path that does not exist is passed on, so that reading it reports it.

    Raises OSError for a folder that cannot be listed, and SourceError (D2Z108) after the files
    found so far where a folder holds more than is looked at.
    """
    for path in paths:
        if path.is_dir():
            yield from _in_folder(path, [] if passed_over is None else passed_over)
        else:
            yield path


@dataclass
class _Walk:
    """What the search below one folder has cost so far."""

    entries: int = 0
    scanned: int = 0

    def count(self) -> None:
        self.entries += 1
        if self.entries > MAX_ENTRIES:
            raise _too_large(f"{MAX_ENTRIES:,} files and folders")

    def scan(self, size: int) -> None:
        self.scanned += size
        if self.scanned > MAX_SCANNED:
            raise _too_large(f"{MAX_SCANNED // 1024**2:,} MiB of Python files")


def _too_large(what: str) -> SourceError:
    return SourceError("D2Z108", f"the folder holds over {what}; the rest was not looked at")


def _in_folder(top: Path, passed_over: list[tuple[Path, str]]) -> Iterator[Path]:
    walk = _Walk()
    # A stack in place of recursion: folders may be nested deeper than Python's calls.
    waiting = _listed(top, walk)
    while waiting:
        entry = waiting.pop()
        if entry.is_dir(follow_symlinks=False):
            if entry.name not in _SKIPPED:
                waiting.extend(_listed(Path(entry.path), walk))
        elif entry.name.endswith(".py") and _looks_like_dag(entry, walk):
            yield Path(entry.path)
        elif (why := unsearched.reason(entry, top)) is not None:
            passed_over.append((Path(entry.path), why))


def _listed(folder: Path, walk: _Walk) -> list[os.DirEntry[str]]:
    """The folder's entries, last name first."""
    found: list[os.DirEntry[str]] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            walk.count()
            found.append(entry)
    return sorted(found, key=lambda entry: entry.name, reverse=True)


def _looks_like_dag(entry: os.DirEntry[str], walk: _Walk) -> bool:
    """Whether it is a file that has the words; one that cannot be read, or is too large to be, is
    passed on so that reading it reports it.
    """
    try:
        if not entry.is_file():
            return False
        size = entry.stat().st_size
        if size > MAX_BYTES:
            return True
        walk.scan(size)
        content = Path(entry.path).read_bytes().lower()
    except OSError:
        return True
    return b"dag" in content and b"airflow" in content


def find_project_root(path: Path) -> Path:
    """The repository that holds the path, else the folder over its `dags/` folder, else the path's
    own folder.
    """
    path = path.resolve()
    start = path if path.is_dir() else path.parent
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    for folder in (start, *start.parents):
        if folder.name in _DAG_FOLDERS:
            return folder.parent
    return start
