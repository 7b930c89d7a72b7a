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


def from_os_error(error: OSError, path: Path, option: str = "--out") -> WorkspaceError:
    """The error of the operating system with the path it is about and what can be done; `option` is
    the one that names the folder.
    """
    import errno

    remedies = {
        errno.ENOSPC: f"Free some space on the disk, or choose another folder with {option}.",
        errno.EROFS: f"Choose a folder on a writable disk with {option}.",
        errno.EACCES: f"Change the permissions of the folder, or choose another one with {option}.",
        errno.EPERM: f"Change the permissions of the folder, or choose another one with {option}.",
        errno.ENAMETOOLONG: f"Choose a shorter path for {option}.",
    }
    remedy = remedies.get(error.errno or 0, f"Choose another folder with {option}.")
    return WorkspaceError(error.filename or path, error.strerror or str(error), remedy)
