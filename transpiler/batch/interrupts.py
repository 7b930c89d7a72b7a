"""Ctrl-C reaches every process of the terminal: this one says so, its workers end without a word."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from runtime.memory import collect_seldom

_MASKS = hasattr(signal, "pthread_sigmask")  # not on Windows


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back while workers are started.

    They inherit that until `quiet_worker` runs, so that none prints a traceback while it starts;
    here Ctrl-C comes through at the end of the block.
    """
    if not _MASKS:
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def quiet_worker() -> None:
    """What a worker does first: end at once and silently on Ctrl-C, and look for garbage seldom."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if _MASKS:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    collect_seldom()
