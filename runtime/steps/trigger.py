"""Airflow's TriggerDagRunOperator as a step."""

from __future__ import annotations

import json
import logging
import time
from typing import Any

from pydantic import JsonValue
from zenml import step

from runtime.airflow_times import parse, utcnow
from runtime.context import RunContext, current_run, task_id
from runtime.dagrun.outcome import airflow_task
from runtime.exceptions import SkipTask, TriggerError
from runtime.templates import render
from runtime.timeouts import time_limit
from runtime.triggering import (
    StartedProcess,
    Triggered,
    find_existing,
    pipeline_file,
    state_of,
)
from runtime.xcom import xcom_push

logger = logging.getLogger(__name__)

_ENDED = ("success", "failed")


@step(enable_cache=False)
@airflow_task(typed=True)
def trigger_pipeline(
    pipeline_name: str,
    conf: dict[str, JsonValue] | str | None = None,
    logical_date: str | None = None,
    run_id: str | None = None,
    wait_for_completion: bool = False,
    poke_interval_seconds: float = 60,
    allowed_states: list[str] | None = None,
    failed_states: list[str] | None = None,
    reset_run: bool = False,
    skip_when_already_exists: bool = False,
    timeout_seconds: float | None = None,
) -> None:
    """Start a run of another pipeline of the project, by hand and at `logical_date`, by default
    now.

    Names, dates and `conf` are templates. A run of that date or run id that is there already raises
    `TriggerError`, or `SkipTask` with `skip_when_already_exists`; with `reset_run` it is run again,
    with the conf that it had. With `wait_for_completion` the step waits, and raises `TriggerError`
    for a run that ends in a failed state. The run id and the logical date are pushed as Airflow
    does.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/trigger_dag_run.html
    """
    names = render((pipeline_name, conf, logical_date, run_id), current_run(), task_id())
    wanted = _wanted(*names)
    file = pipeline_file(wanted.dag_id)
    existing = find_existing(wanted)
    if existing is not None:
        if not reset_run:
            text = f"The pipeline {wanted.dag_id!r} has the run {existing.name!r} already."
            if skip_when_already_exists:
                raise SkipTask(text)
            raise TriggerError(f"{text} Choose another date or run id, or reset_run.")
        before = RunContext.model_validate((existing.config.parameters or {})["run"])
        wanted = Triggered(wanted.dag_id, before.run_id, before.logical_date, before.conf)
    process = StartedProcess(wanted, file)
    with time_limit(timeout_seconds):
        process.until_started()
        xcom_push("trigger_logical_date_iso", wanted.logical_date.isoformat())
        xcom_push("trigger_run_id", wanted.run_id)
        logger.info("Started the run %s of %s.", wanted.run_id, wanted.dag_id)
        if wait_for_completion:
            process.until_ended()
            wait_for_end(
                wanted,
                allowed=allowed_states or ["success"],
                failed=["failed"] if failed_states is None else failed_states,
                interval=poke_interval_seconds,
            )


def _wanted(dag_id: str, conf: Any, logical_date: str | None, run_id: str | None) -> Triggered:
    date = utcnow() if logical_date is None else parse(logical_date)
    values = json.loads(conf) if isinstance(conf, str) else conf or {}
    return Triggered(dag_id, run_id or f"manual__{date.isoformat()}", date, values)


def wait_for_end(run: Triggered, *, allowed: list[str], failed: list[str], interval: float) -> None:
    """Wait until a started run is in one of some states; raises `TriggerError` for a failed one."""
    while (state := state_of(run)) not in (*failed, *allowed):
        if state in _ENDED:
            raise TriggerError(
                f"The run {run.run_id!r} of {run.dag_id!r} ended as {state}, which is neither an "
                f"allowed nor a failed state: {allowed}, {failed}."
            )
        time.sleep(max(interval, 0.1))
    if state in failed:
        raise TriggerError(f"The run {run.run_id!r} of {run.dag_id!r} ended as {state}.")
