"""Airflow's retries as ZenML's `StepRetryConfig`.

Airflow: `next_retry_datetime` in airflow/models/taskinstance.py. Without exponential backoff every
wait is `retry_delay`. With it, the wait before retry n lies between `d = ceil(retry_delay * 2 ** (n
- 1))` and `2 * d`, by a hash of the task instance, capped by `max_retry_delay` and by `[core]
max_task_retry_delay` (24 hours).

ZenML 0.98: whole seconds only, first `delay`, then multiplied by `backoff` after each retry;
`backoff=0`, its default, drops the delay after the first retry. Where its waits would be longer
than Airflow's, a hook before each attempt waits instead (`runtime.retry_waits`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transpiler.lower.durations import seconds_of, seconds_text
from transpiler.lower.hook_calls import HookCall
from transpiler.lower.reporting import about
from transpiler.model.dag import Argument
from transpiler.model.finding import Finding
from transpiler.model.pipeline import Expr, Import
from transpiler.model.values import is_known

RETRY_IMPORT = Import("zenml.config.retry_config", "StepRetryConfig")
WAIT_IMPORT = Import("runtime.retry_waits", "wait_before_retry")
RETRY_ARGUMENTS = (
    "retries",
    "retry_delay",
    "retry_exponential_backoff",
    "max_retry_delay",
    "retry_policy",
)
DEFAULT_RETRY_DELAY_SECONDS = 300.0
MAX_TASK_RETRY_DELAY_SECONDS = 86400.0


@dataclass(frozen=True, slots=True)
class Retry:
    """How a task is retried: `delay_seconds` is Airflow's own value, `expr` the emitted setting or
    None, `wait` the call of a hook that waits in ZenML's place.
    """

    retries: int
    delay_seconds: float
    expr: Expr | None
    findings: tuple[Finding, ...] = ()
    wait: HookCall | None = None


def lower_retry(given: Mapping[str, Argument | None], task_id: str) -> Retry:
    """The retry setting of a task from its arguments of the names in `RETRY_ARGUMENTS`.

    Values that are not known are reported as D2Z216 and count as not given.
    """
    reader = _RetryReader(given, task_id)
    retries = reader.retries()
    delay = reader.delay()
    backoff = reader.backoff()
    wait = reader.wait(retries, delay, backoff)
    reader.check_policy()
    expr = _config(retries, delay, int(backoff)) if wait is None else _config(retries, 0, 1)
    return Retry(retries, delay, expr, tuple(reader.findings), wait)


def _config(retries: int, delay: float, backoff: int) -> Expr | None:
    if retries == 0:
        return None
    code = f"StepRetryConfig(max_retries={retries}, delay={math.ceil(delay)}, backoff={backoff})"
    return Expr(code, frozenset({"StepRetryConfig"}))


class _RetryReader:
    def __init__(self, given: Mapping[str, Argument | None], task_id: str) -> None:
        self.given = given
        self.task_id = task_id
        self.findings: list[Finding] = []

    def retries(self) -> int:
        argument = self._known("retries")
        if argument is None:
            return 0
        try:
            return max(0, int(argument.value))
        except (TypeError, ValueError, OverflowError):
            self._find("D2Z303", argument, f"retries is {argument.value!r}, which is not a number")
            return 0

    def delay(self) -> float:
        argument = self._known("retry_delay")
        if argument is None:
            return DEFAULT_RETRY_DELAY_SECONDS
        seconds = seconds_of(argument.value)
        if seconds is None or seconds < 0:
            self._find(
                "D2Z303",
                argument,
                f"retry_delay is {argument.value!r}, which is not a duration of 0 seconds or more",
            )
            return DEFAULT_RETRY_DELAY_SECONDS
        if not seconds.is_integer():
            self._find(
                "D2Z208",
                argument,
                f"retry_delay of {seconds:g} s becomes {math.ceil(seconds)} s: "
                "ZenML takes whole seconds",
                "info",
            )
        return seconds

    def backoff(self) -> float:
        """The factor by which waits grow; 1 where they do not."""
        argument = self._known("retry_exponential_backoff")
        if argument is None or not argument.value:
            return 1
        factor = 2.0 if argument.value is True else seconds_of(argument.value)
        if factor is None or factor < 1:
            detail = f"retry_exponential_backoff is {argument.value!r}, so the waits stay constant"
            self._find("D2Z208", argument, detail)
            return 1
        return factor

    def wait(self, retries: int, delay: float, backoff: float) -> HookCall | None:
        """The hook that waits where ZenML's own waits would be longer than Airflow's, or grow by
        another factor; what must be known about growing waits is reported.
        """
        argument = self._known("max_retry_delay")
        cap = MAX_TASK_RETRY_DELAY_SECONDS
        if argument is not None:
            own = seconds_of(argument.value)
            if own is None:
                self._find("D2Z303", argument, f"max_retry_delay is {argument.value!r}")
            elif own > 0:
                cap = min(cap, own)
        if backoff == 1:
            if argument is not None:
                detail = "max_retry_delay has no effect without retry_exponential_backoff"
                self._find("D2Z311", argument, detail)
            return None
        growing = self.given["retry_exponential_backoff"]
        assert growing is not None
        if retries and (not float(backoff).is_integer() or _longest(retries, delay, backoff) > cap):
            return HookCall(argument or growing, WAIT_IMPORT, _wait_code(delay, cap, backoff))
        self._find(
            "D2Z208",
            growing,
            f"waits grow by {backoff:g} as in Airflow, but without the random part that Airflow "
            "adds, which lengthens a wait by less than itself",
            "info",
        )
        return None

    def check_policy(self) -> None:
        argument = self.given.get("retry_policy")
        if argument is not None and argument.value is not None:
            self._find("D2Z208", argument, "retry_policy decides on retries by the exception")

    def _known(self, name: str) -> Argument | None:
        argument = self.given.get(name)
        if argument is None or argument.value is None:
            return None
        if is_known(argument.value):
            return argument
        self._find("D2Z216", argument, f"{name} is known only when the DAG file runs")
        return None

    def _find(self, code: str, argument: Argument, detail: str, severity: Any = None) -> None:
        self.findings.append(about(code, argument, detail, task_id=self.task_id, severity=severity))


def _longest(retries: int, delay: float, backoff: float) -> float:
    """Wait before the last retry in seconds; infinite where the exponent is past any cap."""
    if retries > 64:
        return math.inf if delay else 0.0
    return math.ceil(delay) * backoff ** (retries - 1)


def _wait_code(delay: float, cap: float, factor: float) -> str:
    arguments = [f"delay_seconds={seconds_text(delay)}"]
    if cap != MAX_TASK_RETRY_DELAY_SECONDS:
        arguments.append(f"max_delay_seconds={seconds_text(cap)}")
    if factor != 2:
        arguments.append(f"factor={seconds_text(factor)}")
    return f"{WAIT_IMPORT.name}({', '.join(arguments)})"
