"""Locks on files of this machine. A process loses its locks when it ends, however it ends, so they
say whether somebody is still at work.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path


class FileLock:
    """A lock that one process at a time holds."""

    def __init__(self, path: Path) -> None:
        """Name the file; it is made when the lock is taken."""
        self.path = path
        self._file: int | None = None

    def take(self, *, wait: bool = True) -> bool:
        """Take the lock; without `wait` this tells whether nobody else had it."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Not inherited by programs that this process starts.
        file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            return False
        self._file = file
        return True

    def write(self, text: str) -> None:
        """Replace what the file says; only who holds the lock may."""
        assert self._file is not None
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, text.encode(), 0)

    def release(self, *, remove: bool = False) -> None:
        """Give the lock up, and with `remove` the file, too."""
        assert self._file is not None
        if remove:
            self.path.unlink(missing_ok=True)
        os.close(self._file)
        self._file = None

    def __enter__(self) -> FileLock:
        """Wait for the lock."""
        self.take()
        return self

    def __exit__(self, *exception: object) -> None:
        """Give it up."""
        self.release()


def is_abandoned(path: Path) -> bool:
    """Tell whether the process that had a lock is gone. It removes the file when it ends by itself,
    so a file that is missing says nothing.
    """
    try:
        file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(file)
    return True


def locks_folder(kind: str) -> Path:
    """Give the folder of a kind of locks, beside ZenML's configuration: all processes that work
    with the same local store have the same one.
    """
    from zenml.config.global_config import GlobalConfiguration

    return Path(GlobalConfiguration().config_directory) / "dag2zen" / kind
