"""Names of branches and folders, from names of DAG files."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from transpiler.workspace.errors import WorkspaceError

_OTHER = re.compile(r"[^\w-]+")
DAG = "{dag}"
"""What stands for the DAG file's name in the name of the output folder."""
DEFAULT_OUT = f"zenml/{DAG}"


def slug(text: str) -> str:
    """The text as part of the name of a branch or folder."""
    return _OTHER.sub("-", text).strip("-") or "dag"


def slugs(files: Iterable[str]) -> Mapping[str, str]:
    """A short name for each DAG file: its own, with its folders' where two have the same."""
    stems = {file: slug(PurePosixPath(file).stem) for file in files}
    counts = Counter(stem.lower() for stem in stems.values())
    return {
        file: stem if counts[stem.lower()] == 1 else slug(file.removesuffix(".py"))
        for file, stem in stems.items()
    }


def out_folder(out: str, name: str) -> str:
    """The output folder in the repository, with forward slashes.

    Raises WorkspaceError for one that is not below the repository.
    """
    folder = PurePosixPath(out.replace(DAG, name))
    if folder.is_absolute() or ".." in folder.parts or not folder.parts or ".git" in folder.parts:
        raise WorkspaceError(
            out, "is not a folder below the repository", "Name one relative to its root with --out."
        )
    return folder.as_posix()


def inside_repository(path: Path, root: Path) -> str:
    """The path relative to the repository, forward slashes; links stay links.

    Raises WorkspaceError for one outside.
    """
    import os

    for candidate in (Path(os.path.abspath(path)), path.resolve()):  # noqa: PTH100
        if candidate.is_relative_to(root):
            return candidate.relative_to(root).as_posix()
    raise WorkspaceError(
        path, f"is not in the repository {root}", "Name that file's repository with --repo."
    )
