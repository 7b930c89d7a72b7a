"""What a search below a folder passes over although Airflow loads DAG files from it.

Source: `find_path_from_directory` (links are followed) and `might_contain_dag` (archives) in
airflow/utils/file.py.
"""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

MAX_ARCHIVE = 32 * 1024**2
"""Bytes of an archive whose list of members is read; of a larger one that is not asked."""


def reason(entry: os.DirEntry[str], top: Path) -> str | None:
    """Why Airflow may load more than the search finds there; None where it does not."""
    if entry.is_symlink():
        return _of_link(Path(entry.path), top)
    if entry.name.endswith(".zip") and entry.is_file() and _may_hold_dags(entry):
        return "the Python files of an archive are not read; Airflow loads them"
    return None


def _of_link(link: Path, top: Path) -> str | None:
    """A linked folder; one that leads to below the same top is searched in its own place."""
    target = link.resolve()
    if not target.is_dir() or target.is_relative_to(top.resolve()):
        return None
    if top.resolve().is_relative_to(target):
        return None  # it leads back up
    return "links to folders are not followed; Airflow follows them"


def _may_hold_dags(entry: os.DirEntry[str]) -> bool:
    """Whether a Python file stands at the archive's top, where Airflow looks for DAGs."""
    if entry.stat().st_size > MAX_ARCHIVE:
        return True
    try:
        with zipfile.ZipFile(entry.path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError):
        return False  # Airflow asks `zipfile.is_zipfile` and passes it over, too
    return any(name.endswith(".py") and "/" not in name for name in names)
