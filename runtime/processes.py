"""Run a command, stream what it prints, and end it and its children when time is up."""

from __future__ import annotations

import codecs
import os
import select
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from runtime.exceptions import CommandFailedError, TaskTimeoutError

_GRACE_SECONDS = 5.0
# Waiting in short turns lets a limit around this one interrupt a thread that signals cannot reach.
_TURN_SECONDS = 0.2


@dataclass(frozen=True)
class ProcessResult:
    """How a process ended: its exit code (negative: the signal), and its last line of output."""

    exit_code: int
    last_line: str


def run_process(
    command: Sequence[str],
    *,
    env: Mapping[str, str],
    cwd: Path,
    on_line: Callable[[str], None],
    encoding: str = "utf-8",
    timeout_seconds: float | None = None,
) -> ProcessResult:
    """Run a command to its end and pass each line of its output, stdout and stderr, to `on_line`.

    The process leads a group of its own. On a timeout (`TaskTimeoutError`) or any other exception
    the whole group is ended. Bytes that do not decode are shown with backslashes. Raises
    `CommandFailedError` for a program that cannot be started.
    """
    deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds

    def check_time() -> None:
        if deadline is not None and time.monotonic() > deadline:
            raise TaskTimeoutError(
                f"The command was stopped: it ran longer than its timeout of {timeout_seconds:g} s."
            )

    last_line = ""
    with _process_group(command, env, cwd) as process:
        for line in _lines(process, encoding, check_time):
            last_line = line
            on_line(line)
        while process.poll() is None:
            check_time()
            time.sleep(_TURN_SECONDS / 10)
    return ProcessResult(process.returncode, last_line)


@contextmanager
def _process_group(
    command: Sequence[str], env: Mapping[str, str], cwd: Path
) -> Iterator[subprocess.Popen[bytes]]:
    try:
        process = subprocess.Popen(
            list(command),
            env=dict(env),
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise CommandFailedError(
            f"Cannot start {command[0]!r}: {error.strerror}. "
            "Check that the program is installed and executable."
        ) from error
    try:
        yield process
    except BaseException:
        _end_group(process)
        raise
    finally:
        if process.stdout is not None:
            process.stdout.close()


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """Ask the group to end, and kill what is left after a grace period."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_GRACE_SECONDS)
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _lines(
    process: subprocess.Popen[bytes], encoding: str, check_time: Callable[[], None]
) -> Iterator[str]:
    """Give the lines of output, without trailing blanks, until every writer has closed it."""
    assert process.stdout is not None
    output = process.stdout.fileno()
    decode = codecs.getincrementaldecoder(encoding)(errors="backslashreplace").decode
    pending = ""
    while True:
        check_time()
        if not select.select([output], [], [], _TURN_SECONDS)[0]:
            continue
        chunk = os.read(output, 65536)
        *lines, pending = (pending + decode(chunk, final=not chunk)).split("\n")
        yield from (line.rstrip() for line in lines)
        if not chunk:
            break
    if pending:
        yield pending.rstrip()
