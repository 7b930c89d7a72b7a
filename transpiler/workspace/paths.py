"""Paths of output files: below the output folder, whatever they are called."""

from __future__ import annotations

from pathlib import Path

from transpiler.workspace.errors import WorkspaceError

STATE_FOLDER = ".dag2zen"


def inside(root: Path, name: str) -> Path:
    """The path of the output file `name` (relative, forward slashes) below `root`.

    Raises WorkspaceError for a name that leads out of the folder, and for a symbolic link on the
    way: what it points to was not written by this tool. `root` itself may be a link.
    """
    parts = name.split("/")
    if any(part in ("", ".", "..") or "\\" in part or "\0" in part for part in parts):
        raise WorkspaceError(repr(name), "not a path below the output folder", "Report this name.")
    path = root
    for part in parts:
        path = path / part
        if path.is_symlink():
            raise WorkspaceError(
                path,
                "is a symbolic link, which is not written through",
                "Replace the link by the file or folder, or choose another folder with --out.",
            )
    return path
