"""Wait as Airflow's sensors wait: ask, sleep, ask again, until it is so or time is up.

Behaviour: `BaseSensorOperator.execute` in airflow/sensors/base.py (2.10) and
airflow/sdk/bases/sensor.py (3.x).
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from runtime.attempts import (
    note_failure_for_good,
    seconds_of_earlier_attempts,
    stop_after_failure_for_good,
)
from runtime.callables import call_python
from runtime.context import current_run, task_id
from runtime.exceptions import FailTask, SkipTask, TaskTimeoutError, WaitTimeoutError
from runtime.timeouts import time_limit

logger = logging.getLogger(__name__)

WEEK_SECONDS = 604800.0
"""Airflow's default timeout of a sensor."""
# Sleeping in turns lets a limit around the step interrupt a thread that signals cannot reach.
_TURN_SECONDS = 1.0
# A poke interval of 0 would keep a processor busy; Airflow lets it.
_SHORTEST_WAIT_SECONDS = 0.05
_LONGEST_DOUBLING = 64


class Polling(BaseModel):
    """The rarer settings of a step that waits, as Airflow's sensors have them.

    With `timeout_spans_retries` the timeout counts from the first attempt on, else each attempt has
    its own. `execution_timeout_seconds` is the limit of one attempt, `look_timeout_seconds` that of
    one look; both may be retried, a timeout of the wait is not.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    timeout_spans_retries: bool = False
    exponential_backoff: bool = False
    max_wait_seconds: float | None = Field(default=None, ge=0)
    silent_fail: bool = False
    never_fail: bool = False
    execution_timeout_seconds: float | None = Field(default=None, gt=0)
    look_timeout_seconds: float | None = Field(default=None, gt=0)


@dataclass(frozen=True)
class PokeReturnValue:
    """What a look may return: whether the wait is over, and the value that the task then returns."""

    is_done: bool
    xcom_value: Any = None

    def __bool__(self) -> bool:
        """Tell whether the wait is over."""
        return self.is_done


def poll(
    look: Callable[[], Any],
    *,
    poke_interval_seconds: float = 60,
    timeout_seconds: float = WEEK_SECONDS,
    soft_fail: bool = False,
    polling: Polling | None = None,
) -> Any:
    """Look until the answer is true; gives the `xcom_value` of a `PokeReturnValue`, else `None`.

    Raises `WaitTimeoutError`, which no retry repeats, when an answer past `timeout_seconds` is
    still false. With `soft_fail` a timeout, or a look that times out or fails for good, raises
    `SkipTask`; with `never_fail` so does any error of a look, and with `silent_fail` an error
    counts as a false answer.
    """
    settings = polling or Polling()
    if poke_interval_seconds < 0 or timeout_seconds < 0:
        raise ValueError("poke_interval_seconds and timeout_seconds must not be negative.")
    if soft_fail and settings.never_fail:
        raise ValueError("soft_fail and never_fail exclude each other. Keep one.")
    stop_after_failure_for_good()
    wait = _Wait(look, poke_interval_seconds, timeout_seconds, soft_fail, settings)
    try:
        with time_limit(settings.execution_timeout_seconds):
            return wait.until_true()
    except FailTask as error:
        note_failure_for_good(error)
        raise


def poll_python(
    function: Callable[..., Any],
    *,
    op_args: Sequence[Any] = (),
    op_kwargs: Mapping[str, Any] | None = None,
    templates_dict: Mapping[str, Any] | None = None,
    params: Mapping[str, Any] | None = None,
    poke_interval_seconds: float = 60,
    timeout_seconds: float = WEEK_SECONDS,
    soft_fail: bool = False,
    polling: Polling | None = None,
) -> Any:
    """Call a function as `call_python` does until it gives something true, as Airflow's
    PythonSensor; gives the `xcom_value` of a `PokeReturnValue`.
    """

    def look() -> Any:
        return call_python(
            function,
            op_args=op_args,
            op_kwargs=op_kwargs,
            templates_dict=templates_dict,
            params=params,
        )

    return poll(
        look,
        poke_interval_seconds=poke_interval_seconds,
        timeout_seconds=timeout_seconds,
        soft_fail=soft_fail,
        polling=polling,
    )


class _Wait:
    """One wait: its clock, and how often it has looked."""

    def __init__(
        self,
        look: Callable[[], Any],
        interval: float,
        timeout: float,
        soft_fail: bool,
        settings: Polling,
    ) -> None:
        self._look = look
        self._interval = interval
        self._timeout = timeout
        self._soft_fail = soft_fail
        self._settings = settings
        spans = settings.timeout_spans_retries
        self._earlier = seconds_of_earlier_attempts() if spans else 0.0
        self._started = time.monotonic()
        self._name = task_id()
        self._seed = f"{current_run().dag_id}#{self._name}#{self._started}"

    def until_true(self) -> Any:
        count = 1
        while True:
            answer = self._answer()
            if answer:
                logger.info("%s: the wait is over after %d looks.", self._name, count)
                return answer.xcom_value if isinstance(answer, PokeReturnValue) else None
            passed = self._passed()
            if passed > self._timeout:
                raise self._timed_out(passed)
            sleep(self._next_interval(count, passed))
            count += 1

    def _answer(self) -> Any:
        try:
            with time_limit(self._settings.look_timeout_seconds):
                return self._look()
        except SkipTask:
            raise
        except (FailTask, TaskTimeoutError) as error:
            if self._soft_fail or self._settings.never_fail:
                raise SkipTask(str(error)) from error
            raise
        except Exception as error:
            if self._settings.silent_fail:
                logger.error("%s: a look failed: %s", self._name, error, exc_info=error)
                return False
            if self._settings.never_fail:
                raise SkipTask(f"{type(error).__name__}: {error}") from error
            raise

    def _passed(self) -> float:
        return self._earlier + time.monotonic() - self._started

    def _timed_out(self, passed: float) -> Exception:
        text = (
            f"The task {self._name!r} waited {passed:.1f} s in vain, which is more than its "
            f"timeout of {self._timeout:g} s. Bring about what it waits for, or raise the timeout."
        )
        return SkipTask(text) if self._soft_fail else WaitTimeoutError(text)

    def _next_interval(self, count: int, passed: float) -> float:
        if not self._settings.exponential_backoff:
            return self._interval
        return backoff_interval(
            self._interval,
            count=count,
            seed=self._seed,
            remaining=self._timeout - int(passed),
            max_wait=self._settings.max_wait_seconds,
        )


def backoff_interval(
    interval: float, *, count: int, seed: str, remaining: float, max_wait: float | None
) -> float:
    """Give the wait after look number `count` in seconds: doubled each time, and up to doubled
    again by a hash, within what remains of the timeout.

    Source: `BaseSensorOperator._get_next_poke_interval`.
    """
    shortest = max(int(interval * 2 ** (min(count, _LONGEST_DOUBLING) - 2)), 1)
    digest = int(hashlib.sha1(f"{seed}#{count}".encode(), usedforsecurity=False).hexdigest(), 16)
    chosen = min(remaining, float(shortest + digest % shortest))
    return min(max_wait, chosen) if max_wait else chosen


def sleep(seconds: float) -> None:
    """Sleep in turns, so that a limit around the step can interrupt it; never quite 0 seconds."""
    end = time.monotonic() + max(seconds, _SHORTEST_WAIT_SECONDS)
    while (left := end - time.monotonic()) > 0:
        time.sleep(min(left, _TURN_SECONDS))
