"""Time limits in the main thread and in others."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from runtime.exceptions import TaskTimeoutError
from runtime.timeouts import time_limit, timeout


def spin(seconds: float) -> str:
    """Work in Python for a while, deaf to ordinary exceptions."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            sum(range(1000))
        except Exception:
            continue
    return "done"


def in_thread(function: Callable[[], Any]) -> Any:
    """Call in a thread that signals cannot reach; exceptions come out."""
    outcome: list[Any] = []

    def call() -> None:
        try:
            outcome.append(function())
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    thread.join(120)
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return outcome[0]


def directly(function: Callable[[], Any]) -> Any:
    """Call in the main thread."""
    return function()


in_both = pytest.mark.parametrize("call", [directly, in_thread], ids=["main", "thread"])


@in_both
def test_work_that_takes_too_long_is_stopped(call: Callable[..., Any]) -> None:
    finished: list[str] = []
    with pytest.raises(TaskTimeoutError, match="longer than its timeout of 0.2 s"):
        call(lambda: timeout(seconds=0.2)(lambda: finished.append(spin(60)))())
    assert finished == []


@in_both
def test_work_in_time_gives_its_result(call: Callable[..., Any]) -> None:
    assert call(lambda: timeout(seconds=30)(spin)(0.01)) == "done"
    assert call(lambda: timeout(seconds=None)(spin)(0.01)) == "done"


@in_both
def test_outer_limit_ends_inner_work(call: Callable[..., Any]) -> None:
    def nested() -> None:
        with time_limit(0.3), time_limit(30):
            spin(30)

    with pytest.raises(TaskTimeoutError, match="0.3 s"):
        call(nested)


@in_both
def test_inner_limit_leaves_the_outer_one_working(call: Callable[..., Any]) -> None:
    def nested() -> None:
        with time_limit(1):
            with pytest.raises(TaskTimeoutError, match="0.2 s"), time_limit(0.2):
                spin(30)
            spin(30)

    with pytest.raises(TaskTimeoutError, match="of 1 s"):
        call(nested)


def test_errors_of_the_work_pass() -> None:
    with pytest.raises(KeyError), time_limit(30):
        raise KeyError


def test_nothing_is_left_behind() -> None:
    before = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0] > 0
    with time_limit(30):
        pass
    after = signal.getsignal(signal.SIGALRM), signal.getitimer(signal.ITIMER_REAL)[0] > 0
    assert after == before


@pytest.mark.parametrize("seconds", [0, -1])
def test_limit_must_be_positive(seconds: float) -> None:
    with pytest.raises(ValueError, match="more than 0 seconds"), time_limit(seconds):
        pass


def test_decorated_function_keeps_its_signature() -> None:
    limited = timeout(seconds=5)(spin)
    assert (limited.__name__, limited.__wrapped__) == ("spin", spin)  # type: ignore[attr-defined]
