"""Paths of output files: below the output folder, whatever they are called."""

from __future__ import annotations

from pathlib import Path

from transpiler.workspace.errors import WorkspaceError

STATE_FOLDER = ".dag2zen"


def inside(root: Path, name: str) -> Path:
    """The path of the output file `name` (relative, forward slashes) below `root`.

    Raises WorkspaceError for a name that leads out of the folder, by itself or by a link on the
    way.
    """
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        raise WorkspaceError(repr(name), "not a path below the output folder", "Report this name.")
    path = root.joinpath(*parts)
    if not path.resolve().is_relative_to(root.resolve()):
        raise WorkspaceError(
            path,
            "a link leads out of the output folder",
            "Remove the link, or choose another folder with --out.",
        )
    return path
