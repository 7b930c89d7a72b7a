"""Which files of the given paths are DAG files, and where the project root is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

_SKIPPED = {".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".tox", "site-packages"}
_DAG_FOLDERS = {"dags", "fixtures_dags"}
MAX_FILES = 100_000


def discover(paths: Iterable[Path]) -> Iterator[Path]:
    """Each file as given, and for each folder the files in it that look like DAG files, sorted.

    A file looks like a DAG file where its text has both `dag` and `airflow`, as Airflow's own safe
    mode has it
    (https://airflow.apache.org/docs/apache-airflow/stable/core-concepts/dags.html#loading-dags).
    Links to folders are
    not followed. A path that does not exist is passed on, so that reading it reports it.
    """
    for path in paths:
        if path.is_dir():
            yield from _in_folder(path)
        else:
            yield path


def _in_folder(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.is_symlink():
            if entry.name not in _SKIPPED:
                yield from _in_folder(entry)
        elif entry.suffix == ".py" and entry.is_file() and _looks_like_dag(entry):
            yield entry


def _looks_like_dag(path: Path) -> bool:
    try:
        content = path.read_bytes().lower()
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
