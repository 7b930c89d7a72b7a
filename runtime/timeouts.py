"""Stop work that runs longer than Airflow's `execution_timeout` allowed.

ZenML has no step timeout of its own. As in Airflow, the main thread is interrupted by an interval
timer (`SIGALRM`); any other thread, which signals cannot reach, gets the interrupt raised at its
next byte code, so there a blocking C call ends before the timeout is noticed.
"""

from __future__ import annotations

import ctypes
import functools
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import ParamSpec, TypeVar

from runtime.exceptions import TaskTimeoutError

P = ParamSpec("P")
R = TypeVar("R")


class _Interrupted(BaseException):
    """Unwinds the timed work. Not an `Exception`, so that `except Exception` cannot stop it."""


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Run the block for at most `seconds`; `None` means no limit. Limits nest.

    Raises `TaskTimeoutError` when time is up and `ValueError` for a limit that is not positive.
    """
    if seconds is None:
        yield
        return
    if seconds <= 0:
        raise ValueError(f"A timeout must be more than 0 seconds, not {seconds}.")
    # A class of its own, so that a limit never takes an outer one's interrupt for its own.
    interrupt: type[_Interrupted] = type("_Interrupted", (_Interrupted,), {})
    on_main_thread = threading.current_thread() is threading.main_thread()
    limiter = _signal_limit if on_main_thread else _thread_limit
    try:
        with limiter(seconds, interrupt):
            yield
    except interrupt:
        raise TaskTimeoutError(
            f"The task was stopped: it ran longer than its timeout of {seconds:g} s. "
            "Raise its timeout if the work really takes longer."
        ) from None


def timeout(seconds: float | None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Give a function a time limit; goes under ZenML's `@step`.

    ```python
    @step
    @timeout(seconds=600)
    def train(): ...
    ```
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def limited(*args: P.args, **kwargs: P.kwargs) -> R:
            with time_limit(seconds):
                return function(*args, **kwargs)

        return limited

    return decorate


@contextmanager
def _signal_limit(seconds: float, interrupt: type[_Interrupted]) -> Iterator[None]:
    """Interrupt the main thread, then give an outer timer its remaining time back."""

    def on_alarm(signum: int, frame: FrameType | None) -> None:
        raise interrupt

    outer_seconds, outer_interval = signal.getitimer(signal.ITIMER_REAL)
    if 0 < outer_seconds <= seconds:
        yield  # The timer around this one ends the work first.
        return
    started = time.monotonic()
    outer_handler = signal.signal(signal.SIGALRM, on_alarm)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, outer_handler)
        if outer_seconds:
            remaining = outer_seconds - (time.monotonic() - started)
            signal.setitimer(signal.ITIMER_REAL, max(remaining, 0.001), outer_interval)


@contextmanager
def _thread_limit(seconds: float, interrupt: type[_Interrupted]) -> Iterator[None]:
    """Raise in the current thread from a timer thread."""
    thread_id = ctypes.c_ulong(threading.get_ident())
    raise_in_thread = ctypes.pythonapi.PyThreadState_SetAsyncExc
    finished = threading.Lock()

    def expire() -> None:
        # Whoever takes the lock first wins, so that no interrupt lands after the block's end.
        if finished.acquire(blocking=False):
            raise_in_thread(thread_id, ctypes.py_object(interrupt))

    timer = threading.Timer(seconds, expire)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        if finished.acquire(blocking=False):
            timer.cancel()
        timer.join()
