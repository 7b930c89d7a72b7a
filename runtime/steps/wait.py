"""Airflow's ExternalTaskSensor as a step."""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import timedelta

from zenml import step

from runtime import context
from runtime.awaited import Awaited
from runtime.exceptions import ExternalRunFailedError, SkipTask, WaitTimeoutError
from runtime.templates import render

logger = logging.getLogger(__name__)


@step(enable_cache=False)
def wait_for_pipeline(
    pipeline_name: str,
    task_id: str | list[str] | None = None,
    execution_delta_seconds: float = 0,
    allowed_states: list[str] | None = None,
    failed_states: list[str] | None = None,
    skipped_states: list[str] | None = None,
    poke_interval_seconds: float = 60,
    timeout_seconds: float = 604800,
    soft_fail: bool = False,
    check_existence: bool = False,
) -> None:
    """Wait until another pipeline's run, or tasks of it, are in an allowed state.

    Only the run of exactly the logical date counts: this run's, less `execution_delta_seconds`;
    of several runs of that date, the newest. Names are templates. Raises `WaitTimeoutError`,
    `ExternalRunFailedError` for a failed state, `SkipTask` for a skipped state and, with
    `soft_fail`, in place of both errors.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/external_task_sensor.html
    """
    run = context.current_run()
    name, tasks = render((pipeline_name, task_id), run, context.task_id())
    logical_date = run.logical_date - timedelta(seconds=execution_delta_seconds)
    awaited = Awaited(name, logical_date, _as_tuple(tasks))
    outcome = _Outcome(
        awaited,
        allowed=frozenset(allowed_states or ["success"]),
        failed=frozenset(failed_states or []),
        skipped=frozenset(skipped_states or []),
        soft_fail=soft_fail,
    )
    if check_existence:
        awaited.check_existence()
    logger.info("Waiting for %s.", awaited)
    deadline = time.monotonic() + timeout_seconds
    while not outcome.reached():
        if time.monotonic() > deadline:
            raise outcome.timed_out(timeout_seconds)
        time.sleep(poke_interval_seconds)


def _as_tuple(tasks: str | list[str] | None) -> tuple[str, ...]:
    if tasks is None:
        return ()
    return (tasks,) if isinstance(tasks, str) else tuple(tasks)


@dataclass(frozen=True)
class _Outcome:
    """What the states of the awaited run mean."""

    awaited: Awaited
    allowed: frozenset[str]
    failed: frozenset[str]
    skipped: frozenset[str]
    soft_fail: bool

    def __post_init__(self) -> None:
        sets = (self.allowed, self.failed, self.skipped)
        if len(frozenset().union(*sets)) < sum(len(states) for states in sets):
            raise ValueError("A state is in two of allowed, failed and skipped states. Keep one.")

    def reached(self) -> bool:
        """Tell whether all is in an allowed state; raise for a failed or skipped state."""
        states = self.awaited.states()
        if self.failed.intersection(state for state in states if state):
            raise self._error(ExternalRunFailedError(f"{self.awaited} failed: {states}."))
        if self.skipped.intersection(state for state in states if state):
            raise SkipTask(f"{self.awaited} was skipped: {states}.")
        return all(state in self.allowed for state in states)

    def timed_out(self, seconds: float) -> Exception:
        """Give the error of a wait that took too long."""
        states = self.awaited.states()
        return self._error(
            WaitTimeoutError(
                f"Waited {seconds:g} s for {self.awaited}, whose state is {states}. Start that "
                "run, or raise the timeout. Only runs that `runtime.launch` started have the tag."
            )
        )

    def _error(self, error: Exception) -> Exception:
        return SkipTask(str(error)) if self.soft_fail else error
