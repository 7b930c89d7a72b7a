"""Airflow's ExternalTaskSensor as a step."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from zenml import step

from runtime import context
from runtime.awaited import Awaited
from runtime.dagrun.outcome import airflow_task
from runtime.exceptions import ExternalRunFailedError, SkipTask, WaitTimeoutError
from runtime.functions import call_with_context, load_function
from runtime.polling import WEEK_SECONDS, Polling, poll
from runtime.templates import render

logger = logging.getLogger(__name__)

# What Airflow does not pass by name, because the function gets it as its first argument.
_POSITIONAL = ("logical_date", "execution_date")


@step(enable_cache=False)
@airflow_task(typed=True)
def wait_for_pipeline(
    pipeline_name: str,
    task_id: str | list[str] | None = None,
    task_group_id: str | None = None,
    execution_delta_seconds: float = 0,
    execution_date_fn: str | None = None,
    allowed_states: list[str] | None = None,
    failed_states: list[str] | None = None,
    skipped_states: list[str] | None = None,
    poke_interval_seconds: float = 60,
    timeout_seconds: float = WEEK_SECONDS,
    soft_fail: bool = False,
    check_existence: bool = False,
    polling: Polling | None = None,
) -> None:
    """Wait until another pipeline's run, or tasks of it, are in an allowed state.

    Only the run of exactly the logical date counts: this run's, less `execution_delta_seconds`, or
    the date or dates that `execution_date_fn` (the dotted path of a function) makes of it; of
    several runs of that date, the newest. A date without a run here counts as a webhook told of it,
    or as the Airflow says that the configuration names under `upstreams`. Names are templates.
    Raises `WaitTimeoutError`, `ExternalRunFailedError` for a failed state, `SkipTask` for a skipped
    state and, with `soft_fail`, in place of both errors.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/external_task_sensor.html
    """
    names = (pipeline_name, task_id, task_group_id)
    name, tasks, group = render(names, context.current_run(), context.task_id())
    dates = _dates(execution_delta_seconds, execution_date_fn)
    outcome = _Outcome(
        [Awaited(name, date, _as_tuple(tasks), group) for date in dates],
        allowed=frozenset(allowed_states or ["success"]),
        failed=frozenset(failed_states or []),
        skipped=frozenset(skipped_states or []),
        soft_fail=soft_fail,
        check_existence=check_existence,
    )
    logger.info("Waiting for %s.", outcome)
    try:
        poll(
            outcome.reached,
            poke_interval_seconds=poke_interval_seconds,
            timeout_seconds=timeout_seconds,
            soft_fail=soft_fail,
            polling=polling,
        )
    except WaitTimeoutError as error:
        raise WaitTimeoutError(f"{error} {outcome.shown()}") from error


def _as_tuple(tasks: str | list[str] | None) -> tuple[str, ...]:
    if tasks is None:
        return ()
    return (tasks,) if isinstance(tasks, str) else tuple(tasks)


def _dates(delta_seconds: float, function: str | None) -> list[datetime]:
    logical_date = context.current_run().logical_date
    if function is None:
        return [logical_date - timedelta(seconds=delta_seconds)]
    from runtime.airflow_times import convert_to_utc

    moment = convert_to_utc(logical_date)
    dates = call_with_context(load_function(function), moment, without=_POSITIONAL)
    return list(dates) if isinstance(dates, list) else [dates]


@dataclass
class _Outcome:
    """What the states of the awaited runs mean."""

    awaited: Sequence[Awaited]
    allowed: frozenset[str]
    failed: frozenset[str]
    skipped: frozenset[str]
    soft_fail: bool
    check_existence: bool
    _states: list[str | None] = field(default_factory=list)

    def __post_init__(self) -> None:
        sets = (self.allowed, self.failed, self.skipped)
        if len(frozenset().union(*sets)) < sum(len(states) for states in sets):
            raise ValueError("A state is in two of allowed, failed and skipped states. Keep one.")

    def reached(self) -> bool:
        """Tell whether all is in an allowed state; raise for a failed or skipped state."""
        if self.check_existence:
            self.awaited[0].check_existence()
            self.check_existence = False
        self._states = [state for one in self.awaited for state in one.states()]
        known = {state for state in self._states if state}
        if self.failed & known:
            text = f"{self} failed: {self._states}."
            raise SkipTask(text) if self.soft_fail else ExternalRunFailedError(text)
        if self.skipped & known:
            raise SkipTask(f"{self} was skipped: {self._states}.")
        return all(state in self.allowed for state in self._states)

    def shown(self) -> str:
        """Say what was awaited in vain, for the error of a timeout."""
        return (
            f"It was {self}, whose state is {self._states}. Start that run; only runs that "
            "`runtime.launch` started have the tag. For a DAG that still runs in Airflow, say where "
            "under `upstreams` of the configuration."
        )

    def __str__(self) -> str:
        """Name what is awaited."""
        return ", ".join(map(str, self.awaited))
