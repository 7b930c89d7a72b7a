"""Model servers as processes of this machine, found again by what they leave in a folder.

A folder for each service holds a folder for each server of it, and a file that names the one that
is asked. A server holds a lock on its own file as long as it lives, so that a process that has got
its number later is never taken for it.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from runtime.exceptions import CommandFailedError
from runtime.platforms.errors import PlatformConfigError, WorkloadNotFoundError
from runtime.platforms.inference.settings import Protocol

_ACTIVE, _RECORD, _LOG, _LOCK = "active", "server.json", "log", "lock"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_GRACE_SECONDS = 5.0
_TURN_SECONDS = 0.05


@dataclass(frozen=True)
class Server:
    """A process that serves a model: its address, its protocol, and the folder of its own."""

    folder: Path
    pid: int
    url: str
    protocol: Protocol

    def is_alive(self) -> bool:
        """Whether the process, and not another one of its number, still runs."""
        return _is_held(self.folder / _LOCK)

    def log(self) -> list[str]:
        """Give the lines that it has printed."""
        return (
            (self.folder / _LOG).read_text(encoding="utf-8", errors="backslashreplace").splitlines()
        )

    def stop(self) -> None:
        """End the process and its children, and remove what it left."""
        for ending in (signal.SIGTERM, signal.SIGKILL):
            if not self.is_alive():
                break
            with suppress(ProcessLookupError):
                os.killpg(self.pid, ending)
            until = time.monotonic() + _GRACE_SECONDS
            while self.is_alive() and time.monotonic() < until:
                _reap(self.pid)
                time.sleep(_TURN_SECONDS)
        _reap(self.pid)
        shutil.rmtree(self.folder, ignore_errors=True)


class Servers:
    """The servers of one service."""

    def __init__(self, folder: Path, service: str) -> None:
        """Keep where they are. Raises `PlatformConfigError` for a name that is no folder's."""
        if not _NAME.fullmatch(service):
            raise PlatformConfigError(
                f"{service!r} is no name for a service of this machine: letters, digits, dots, "
                "dashes and underscores, at most 100 characters."
            )
        self._folder = folder / service
        self.service = service

    def start(
        self, command: Sequence[str], environment: Mapping[str, str], url: str, protocol: Protocol
    ) -> Server:
        """Start a server; it is asked only after `activate`. Raises `CommandFailedError`."""
        folder = self._folder / secrets.token_hex(6)
        folder.mkdir(mode=0o700, parents=True)
        try:
            with (folder / _LOG).open("wb") as log, (folder / _LOCK).open("wb") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)
                process = subprocess.Popen(
                    list(command),
                    env=dict(environment),
                    cwd=folder,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    pass_fds=[lock.fileno()],
                    start_new_session=True,
                )
        except OSError as error:
            shutil.rmtree(folder)
            raise CommandFailedError(
                f"Cannot start {command[0]!r}: {error.strerror}. "
                "Check that the program is installed and executable."
            ) from error
        process.returncode = 0  # It is to outlive this object, which would warn otherwise.
        server = Server(folder, process.pid, url, protocol)
        record = {key: value for key, value in asdict(server).items() if key != "folder"}
        _write(folder / _RECORD, json.dumps(record))
        return server

    def activate(self, server: Server) -> None:
        """Let a server be the one that is asked, and end the others."""
        _write(self._folder / _ACTIVE, server.folder.name)
        for other in self._all():
            if other.folder != server.folder:
                other.stop()

    def active(self) -> Server:
        """Give the server that is asked. Raises `WorkloadNotFoundError`."""
        try:
            name = (self._folder / _ACTIVE).read_text(encoding="utf-8")
            return _read(self._folder / name)
        except FileNotFoundError as error:
            raise WorkloadNotFoundError(
                f"There is no service {self.service} on this machine. Deploy it."
            ) from error

    def stop_all(self) -> None:
        """End all servers, and remove what they left."""
        (self._folder / _ACTIVE).unlink(missing_ok=True)
        for server in self._all():
            server.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _all(self) -> list[Server]:
        return [_read(found.parent) for found in self._folder.glob(f"*/{_RECORD}")]


def _read(folder: Path) -> Server:
    record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
    return Server(folder, **record)


def _write(file: Path, text: str) -> None:
    """Write a whole file or none: others may read it at any time."""
    new = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    new.write_text(text, encoding="utf-8")
    new.replace(file)


def _is_held(lock: Path) -> bool:
    try:
        with lock.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def _reap(pid: int) -> None:
    """Take the end of a process where it is a child of ours."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
