"""Listen until told to end: between two looks the process sleeps."""

from __future__ import annotations

import queue
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from types import FrameType

from runtime.assets.queue import SETTLING
from runtime.listening.entries import ProjectPipelines
from runtime.listening.listener import Listener, Told
from runtime.listening.processes import RunProcesses

# Airflow, too, looks for changed files every 30 s (`[scheduler] min_file_process_interval`). The
# clock of the machine may be set as well, and then a longer sleep would end too late.
_LONGEST_SLEEP_SECONDS = 30.0
_LAST_WORD_SECONDS = 60.0


def listen(project: Path, *, jobs: int, once: bool, tell: Callable[[Told], None]) -> int:
    """Start the runs of a project's pipelines until SIGTERM or Ctrl-C.

    With `once`, only what is due now, and what that leads to. Pipelines that are changed, added or
    removed meanwhile are noticed within 30 s. Gives how many runs failed or could not be started,
    and how many pipelines' SLAs could not be checked. Raises `LaunchError` for a project without anything to start.
    """
    pipelines = ProjectPipelines(project)
    wake = _Wake()
    with _told_to_end(wake), RunProcesses(wake.call) as processes:
        listener = Listener(pipelines.entries, processes, jobs=jobs, tell=tell)
        settled = False
        while not wake.to_end:
            wake.clear()
            if pipelines.has_changed():
                listener.use(pipelines.entries)
            now = datetime.now(timezone.utc)
            look = listener.turn(now)
            if once and listener.is_idle:
                if settled:
                    break
                # The newest updates of assets are not looked at before they have settled.
                settled = True
                wake.wait(2 * SETTLING.total_seconds())
                continue
            settled = False
            wake.wait(_seconds(look))
        # A miss is noted before somebody is told of it, and would not be told again.
        listener.slas.join(_LAST_WORD_SECONDS)
    return listener.failures


class _Wake:
    """Ends a sleep. A signal handler may call it whatever the thread it interrupts is doing.

    Unlike `threading.Event`, whose lock the interrupted thread may hold, a `SimpleQueue` is
    reentrant: https://docs.python.org/3/library/queue.html#simplequeue-objects
    """

    def __init__(self) -> None:
        self.to_end = False
        self._calls: queue.SimpleQueue[None] = queue.SimpleQueue()

    def call(self) -> None:
        """End the sleep, or the next one."""
        self._calls.put(None)

    def clear(self) -> None:
        """Forget calls."""
        while not self._calls.empty():
            self._calls.get()

    def wait(self, seconds: float) -> None:
        """Sleep until a call, or for so long; not at all once the end is asked for."""
        if not self.to_end:
            with suppress(queue.Empty):
                self._calls.get(timeout=seconds)


def _seconds(look: datetime | None) -> float:
    if look is None:
        return _LONGEST_SLEEP_SECONDS
    left = (look - datetime.now(timezone.utc)).total_seconds()
    return min(max(left, 0.0), _LONGEST_SLEEP_SECONDS)


@contextmanager
def _told_to_end(wake: _Wake) -> Iterator[None]:
    """Let SIGTERM and Ctrl-C end the loop after its turn."""

    def on_signal(signum: int, frame: FrameType | None) -> None:
        wake.to_end = True
        wake.call()

    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, on_signal) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
