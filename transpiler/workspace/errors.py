"""What goes wrong when the output folder is written."""

from __future__ import annotations

from pathlib import Path


class WorkspaceError(Exception):
    """The output folder cannot be read or written; says the path, the cause and the remedy."""

    def __init__(self, path: Path | str, cause: str, remedy: str) -> None:
        super().__init__(f"{path}: {cause}. {remedy}")
        self.path = str(path)
        self.cause = cause
        self.remedy = remedy


def from_os_error(error: OSError, path: Path) -> WorkspaceError:
    """The error of the operating system with the path it is about and what can be done."""
    import errno

    remedies = {
        errno.ENOSPC: "Free some space on the disk, or choose another folder with --out.",
        errno.EROFS: "Choose a folder on a writable disk with --out.",
        errno.EACCES: "Change the permissions of the folder, or choose another one with --out.",
        errno.EPERM: "Change the permissions of the folder, or choose another one with --out.",
        errno.ENAMETOOLONG: "Choose a shorter path for --out.",
    }
    remedy = remedies.get(error.errno or 0, "Choose another folder with --out.")
    return WorkspaceError(error.filename or path, error.strerror or str(error), remedy)
