"""Results of single files kept between runs, so that a run that was stopped goes on.

A result is found again by what it hangs on: the code that made it, the file's whole project, and the
question. The store is this program's own folder of its cache.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.judge.airflow_env import FACTS, PROJECT

_READER = ("transpiler", "rules", "tests/fidelity/reading.py", "tests/fidelity/details.py")
_LOCKS = ("requirements/airflow.txt", "requirements/airflow3.txt")
_JUDGE = (FACTS.relative_to(PROJECT).as_posix(), *_LOCKS)
_CODE = {".py", ".txt", ".j2", ".yaml"}


class Store:
    """Results by key, a file each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get(self, key: str) -> Any:
        """The result of that key, or None."""
        path = self.folder / key[:2] / key
        # Only this program writes here; the files hold objects of its own.
        return pickle.loads(path.read_bytes()) if path.is_file() else None

    def put(self, key: str, result: object) -> None:
        """Keep a result; a run that is stopped on the way leaves no half of one."""
        path = self.folder / key[:2] / key
        path.parent.mkdir(parents=True, exist_ok=True)
        new = path.with_suffix(f".{os.getpid()}")
        new.write_bytes(pickle.dumps(result))
        new.replace(path)


def reading_key(path: Path, root: Path, *more: object) -> str:
    """The key of this tool's reading of a file."""
    return _key("reading", code_digest(_READER), tree_digest(root), path, *more)


def facts_key(path: Path, root: Path, *more: object) -> str:
    """The key of Airflow's facts of a file."""
    return _key("facts", code_digest(_JUDGE), tree_digest(root), path, *more)


def _key(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()


@lru_cache
def code_digest(names: Iterable[str]) -> str:
    """A digest of the project's files below these names, wherever it is checked out."""
    digest = hashlib.sha256()
    for name in names:
        for path in sorted(_files(PROJECT / name)):
            if path.suffix in _CODE:
                inside = path.relative_to(PROJECT).as_posix()
                digest.update(f"{inside}\0".encode() + path.read_bytes())
    return digest.hexdigest()


@lru_cache
def tree_digest(root: Path) -> str:
    """A digest of the names, sizes and times of all files below a folder, hidden folders aside."""
    digest = hashlib.sha256()
    for path in sorted(_files(root)):
        facts = path.lstat()
        digest.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\0".encode())
    return digest.hexdigest()


def _files(top: Path) -> Iterator[Path]:
    if top.is_file():
        yield top
    for folder, folders, names in os.walk(top):
        folders[:] = [name for name in folders if not name.startswith((".", "__pycache__"))]
        yield from (Path(folder, name) for name in names)
