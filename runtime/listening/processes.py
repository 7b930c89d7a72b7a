"""The processes of a listener: each runs one run, and its end wakes the listener."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import tempfile
import threading
from collections.abc import Callable
from typing import IO, Any

from runtime.listening.listener import Ended
from runtime.triggered_process import start_triggered

_LOG_TAIL = 2000
_GRACE_SECONDS = 30.0


class RunProcesses:
    """Starts `python -m runtime.triggered`; leaving the block ends what still goes on."""

    def __init__(self, on_end: Callable[[], None] = lambda: None) -> None:
        """Take what to call, in another thread, when a process has ended."""
        self._on_end = on_end
        self._going: dict[str, subprocess.Popen[bytes]] = {}
        self._ended: queue.SimpleQueue[Ended] = queue.SimpleQueue()

    def __enter__(self) -> RunProcesses:
        """Begin without processes."""
        return self

    def __exit__(self, *exception: object) -> None:
        """Tell what goes on to end, and wait for that: the runs are then marked as failed."""
        going = list(self._going.values())
        for process in going:
            process.terminate()
        for process in going:
            try:
                process.wait(_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()

    def start(self, name: str, order: dict[str, Any]) -> None:
        """Start a run; it goes on until it ends, or the block is left."""
        # The thread that waits for the end closes the file.
        output = tempfile.TemporaryFile()  # noqa: SIM115
        try:
            process = start_triggered(output, detached=True)
        except OSError:
            output.close()
            raise
        self._going[name] = process
        threading.Thread(
            target=self._wait, args=(name, process, json.dumps(order), output), daemon=True
        ).start()

    def ended(self) -> list[Ended]:
        """Give the processes that have ended since the last time."""
        ended = []
        while not self._ended.empty():
            ended.append(self._ended.get())
            self._going.pop(ended[-1].name)
        return ended

    def _wait(
        self, name: str, process: subprocess.Popen[bytes], order: str, output: IO[bytes]
    ) -> None:
        with output:
            process.communicate(order.encode())
            size = output.seek(0, os.SEEK_END)
            output.seek(max(size - _LOG_TAIL, 0))
            tail = output.read().decode(errors="replace")
        self._ended.put(Ended(name, process.returncode, tail))
        self._on_end()
