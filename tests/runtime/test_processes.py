"""Processes, their output and their end."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from runtime.exceptions import CommandFailedError, TaskTimeoutError
from runtime.processes import ProcessResult, run_process
from runtime.timeouts import time_limit


def run_python(code: str, tmp_path: Path, **options: Any) -> tuple[ProcessResult, list[str]]:
    """Run Python code in a process; give the result and all lines."""
    lines: list[str] = []
    result = run_process(
        [sys.executable, "-c", code], env={}, cwd=tmp_path, on_line=lines.append, **options
    )
    return result, lines


def test_output_and_exit_code(tmp_path: Path) -> None:
    code = "import os, sys; print('a  '); sys.stdout.flush(); os.write(2, b'b\\nc'); sys.exit(4)"
    assert run_python(code, tmp_path) == (ProcessResult(4, "c"), ["a", "b", "c"])


def test_bytes_that_do_not_decode(tmp_path: Path) -> None:
    code = "import os; os.write(1, b'\\xff\\xc3'); os.write(1, b'\\xa9\\n')"
    assert run_python(code, tmp_path)[1] == ["\\xffé"]


def test_process_that_closes_its_output_early(tmp_path: Path) -> None:
    code = "import os, time; os.close(1); os.close(2); time.sleep(0.3); os._exit(5)"
    assert run_python(code, tmp_path)[0] == ProcessResult(5, "")
    with pytest.raises(TaskTimeoutError):
        run_python(code.replace("0.3", "60"), tmp_path, timeout_seconds=0.3)


def test_signal_is_a_negative_exit_code(tmp_path: Path) -> None:
    assert run_python("import os; os.kill(os.getpid(), 9)", tmp_path)[0].exit_code == -9


def test_program_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(CommandFailedError, match="Cannot start 'no-such-program'"):
        run_process(["no-such-program"], env={}, cwd=tmp_path, on_line=print)


STUBBORN = """
import os, signal, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print(os.getpid(), flush=True)
time.sleep(600)
"""


def assert_gone(pid: int) -> None:
    """Fail if a process still runs."""
    # What was killed stays in the table until its new parent, process 1, has taken note of it.
    with pytest.raises(ProcessLookupError):
        for _ in range(600):
            os.kill(pid, 0)
            time.sleep(0.1)


def test_process_that_ignores_the_request_to_end_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runtime.processes._GRACE_SECONDS", 0.3)
    lines: list[str] = []

    def interrupt(line: str) -> None:
        lines.append(line)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_process([sys.executable, "-c", STUBBORN], env={}, cwd=tmp_path, on_line=interrupt)
    assert_gone(int(lines[0]))


def test_limit_around_it_ends_the_process_in_a_thread(tmp_path: Path) -> None:
    lines: list[str] = []
    outcome: list[BaseException] = []

    def work(seconds: float) -> None:
        try:
            with time_limit(seconds):
                run_process(
                    [
                        sys.executable,
                        "-c",
                        "import os, time; print(os.getpid(), flush=True); time.sleep(600)",
                    ],
                    env={},
                    cwd=tmp_path,
                    on_line=lines.append,
                )
        except TaskTimeoutError as error:
            outcome.append(error)

    for seconds in (1, 5, 25, 125):  # A busy machine may not even start the program.
        thread = threading.Thread(target=work, args=(seconds,))
        thread.start()
        thread.join()
        assert outcome
        if lines:
            break
    assert_gone(int(lines[0]))
