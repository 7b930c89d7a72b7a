"""One run at a time writes to a folder."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from transpiler.workspace.errors import WorkspaceError
from transpiler.workspace.paths import STATE_FOLDER, inside

LOCK = f"{STATE_FOLDER}/lock"
_HELD = (errno.EAGAIN, errno.EACCES)


@contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the folder's lock; its state folder must be there.

    The operating system gives the lock free when its process ends, however it ends, so the file of
    a dead process is taken over. Raises WorkspaceError where another run holds it.
    """
    path = inside(root, LOCK)
    descriptor = _acquire(path)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, _holder())
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(descriptor)


def _acquire(path: Path) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_file(descriptor, path):
                return descriptor
        except OSError as error:
            held = error.errno in _HELD
            who = _who(descriptor) if held else ""
            os.close(descriptor)
            if not held:
                raise
            raise WorkspaceError(
                path.parent.parent,
                f"another run of dag2zen is writing to this folder{who}",
                "Wait until it has ended, or end it.",
            ) from None
        os.close(descriptor)  # its holder has ended between the two calls and removed the file


def _is_file(descriptor: int, path: Path) -> bool:
    """Whether the open file is still the one at the path."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _holder() -> bytes:
    since = datetime.now().astimezone().isoformat(timespec="seconds")
    fields = {"pid": os.getpid(), "host": socket.gethostname(), "since": since}
    return json.dumps(fields).encode()


def _who(descriptor: int) -> str:
    """Who holds the lock, in words; nothing where the holder has not written it yet."""
    try:
        holder = json.loads(os.pread(descriptor, 4096, 0))
        return f" (process {holder['pid']} on {holder['host']}, since {holder['since']})"
    except (ValueError, KeyError, TypeError):
        return ""
