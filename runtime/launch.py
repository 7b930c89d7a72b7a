"""Start emitted pipelines for a logical date, and say in Airflow's terms what became of them."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime.command import main
from runtime.context import RunContext, RunType
from runtime.deadlines import watched
from runtime.exceptions import AlreadyStartedError, LaunchError
from runtime.failed_callbacks import FAILED_CALLBACKS
from runtime.loading import load_pipeline
from runtime.lost_runs import alive, mark_lost_runs
from runtime.report import RunReport, run_report
from runtime.runs import run_tags
from runtime.schedule import DagSchedule
from runtime.start_params import start_params
from runtime.termination import Terminated, ended_by_sigterm, mark_interrupted
from runtime.unstored import tell_unstored

if TYPE_CHECKING:
    from zenml.models import PipelineRunResponse
    from zenml.pipelines.pipeline_definition import Pipeline

__all__ = [
    "RunReport",
    "attach_schedule",
    "main",
    "run_context",
    "run_file",
    "start",
    "start_in_context",
]

logger = logging.getLogger(__name__)

_DAY = re.compile(r"\d{4}-?(\d\d-?\d\d|W\d\d-?\d)")
_BY_ASSETS = ("dataset_triggered", "asset_triggered")


def start(
    pipeline: Pipeline,
    schedule: DagSchedule,
    *,
    logical_date: datetime | None = None,
    params: Mapping[str, Any] | None = None,
    conf: Mapping[str, Any] | None = None,
    run_type: RunType | None = None,
    run_id: str | None = None,
    tags: Sequence[str] = (),
) -> RunReport:
    """Run a pipeline on the active stack, wait for its end, and report it.

    Without `logical_date`, the run is that of the newest complete data interval; a DAG without
    schedule runs by hand, now. `params` are laid over those of the configuration; `run_id` is in
    place of Airflow's own, and `tags` come to those of every run. A failed step is part of the
    report, not an exception; `LaunchError` is raised where no run came about.
    """
    context = run_context(
        pipeline.name,
        schedule,
        logical_date=logical_date,
        params=params,
        conf=conf,
        run_type=run_type,
    )
    if run_id is not None:
        context = context.model_copy(update={"run_id": run_id})
    return start_in_context(pipeline, context, schedule=schedule, tags=tags)


def start_in_context(
    pipeline: Pipeline,
    context: RunContext,
    *,
    schedule: DagSchedule | None = None,
    tags: Sequence[str] = (),
    run_name: str | None = None,
) -> RunReport:
    """Run a pipeline with a context that the caller has made; SLAs go by the schedule.

    ZenML has one run of a name, so of several processes that start the same `run_name` one runs it,
    and the others get `AlreadyStartedError`.
    """
    with watched(pipeline, schedule, context) as failed:
        run = _run(pipeline, context, tags, run_name)
    return run_report(_with_failed(run, failed) if failed else run)


def run_file(
    path: Path,
    logical_date: str | datetime | None = None,
    params: Mapping[str, Any] | None = None,
    conf: Mapping[str, Any] | None = None,
) -> RunReport:
    """Run the one pipeline of `<project>/pipelines/<name>.py` by its `SCHEDULE`."""
    pipeline, schedule = load_pipeline(path)
    if isinstance(logical_date, str):
        logical_date = parse_logical_date(logical_date)
    return start(pipeline, schedule, logical_date=logical_date, params=params, conf=conf)


def parse_logical_date(text: str) -> datetime:
    """Read an ISO date, with or without a time; without an offset it is UTC, as in Airflow.

    Raises `LaunchError`, also for a year or a month alone.
    """
    from dateutil.parser import isoparse

    reason = f"{text!r} is not a date. Write it as 2024-01-31 or 2024-01-31T02:00:00+00:00."
    if _DAY.match(text) is None:
        raise LaunchError(reason)
    try:
        date = isoparse(text)
    except (ValueError, OverflowError) as error:
        raise LaunchError(reason) from error
    return date if date.tzinfo else date.replace(tzinfo=timezone.utc)


def run_context(
    dag_id: str,
    schedule: DagSchedule,
    *,
    logical_date: datetime | None = None,
    params: Mapping[str, Any] | None = None,
    conf: Mapping[str, Any] | None = None,
    run_type: RunType | None = None,
) -> RunContext:
    """Make the context of a run from schedule, configuration and what the caller gives."""
    now = datetime.now(timezone.utc)
    scheduled = schedule.is_periodic or schedule.once
    if logical_date is None and scheduled:
        logical_date = schedule.latest(now)
        if logical_date is None:
            raise LaunchError(
                f"No data interval of {dag_id!r} is complete yet, counted from its start date "
                f"{schedule.start_date}. Name a logical date."
            )
    elif logical_date is not None and schedule.is_periodic and run_type not in _BY_ASSETS:
        _warn_of_odd_date(dag_id, schedule, logical_date)
    return RunContext.for_schedule(
        schedule,
        logical_date or now,
        dag_id=dag_id,
        run_type=run_type or ("scheduled" if scheduled else "manual"),
        params=start_params(dag_id, params, conf),
        conf=conf,
    )


def _warn_of_odd_date(dag_id: str, schedule: DagSchedule, logical_date: datetime) -> None:
    """Say so where the schedule has no run of this date: Airflow, too, takes a date literally."""
    if next(schedule.dates(logical_date, logical_date), None) is not None:
        return
    day = schedule.dates(logical_date, logical_date + timedelta(days=1))
    nearest = next(day, None)
    hint = f" Its next one is {nearest.isoformat()}." if nearest is not None else ""
    logger.warning(
        "%s is not a date of the schedule of %r.%s", logical_date.isoformat(), dag_id, hint
    )


def attach_schedule(pipeline: Pipeline, schedule: DagSchedule) -> str:
    """Hand a pipeline to the active orchestrator's scheduler; gives the ZenML schedule's name.

    Each run takes its dates from the schedule when it starts. Raises `LaunchError` where the
    orchestrator has no scheduler, and for schedules that ZenML's cannot express.
    """
    from zenml.client import Client
    from zenml.config.schedule import Schedule

    orchestrator = Client().active_stack.orchestrator
    if not orchestrator.config.is_schedulable:
        raise LaunchError(
            f"The orchestrator {orchestrator.name!r} cannot schedule pipelines. Use a stack with "
            "one that can (Kubernetes, for example), or let `dag2zen listen` start the runs."
        )
    if not schedule.is_periodic or schedule.asset_condition is not None:
        raise LaunchError(
            f"The pipeline {pipeline.name!r} has no period alone to schedule it by. "
            "`dag2zen listen` starts it."
        )
    if schedule.events or schedule.every or isinstance(schedule.cron, list):
        raise LaunchError(
            f"ZenML's schedules have one cron expression, {pipeline.name!r} has more than that. "
            "`dag2zen listen` starts it."
        )
    if schedule.cron and schedule.timezone != "UTC":
        raise LaunchError(
            f"The schedule counts in {schedule.timezone}, ZenML's in UTC. "
            "`dag2zen listen` knows time zones."
        )
    now = datetime.now(timezone.utc)
    context = RunContext.for_schedule(
        schedule,
        schedule.latest(now) or now,
        dag_id=pipeline.name,
        params=start_params(pipeline.name),
    ).model_copy(update={"schedule": schedule})
    attached = Schedule(
        name=f"{pipeline.name}-{now:%Y%m%dT%H%M%S%f}",
        cron_expression=schedule.cron,
        interval_second=schedule.interval,
        start_time=schedule.start_date or now,
        end_time=schedule.end_date,
        catchup=False,
    )
    pipeline.with_options(schedule=attached)(run=context)
    return str(attached.name)


def _run(
    pipeline: Pipeline, context: RunContext, tags: Sequence[str], run_name: str | None
) -> PipelineRunResponse:
    from zenml.client import Client
    from zenml.exceptions import EntityExistsError

    # ZenML's {time} would make the name unique as well, but a run that raises could not be found.
    now = datetime.now(timezone.utc)
    name = run_name or f"{pipeline.name}-{context.logical_date.isoformat()}-{now:%Y%m%dT%H%M%S%f}"
    mark_lost_runs(pipeline.name)
    # More than ZenML's 10, which a few waiting sensors would use up; idle threads cost nothing.
    os.environ.setdefault("ZENML_DYNAMIC_PIPELINE_WORKER_COUNT", "32")
    try:
        with ended_by_sigterm(), alive(name) as extra:
            configured = pipeline.with_options(
                run_name=name, tags=[*run_tags(context), *tags], extra=extra
            )
            _call(configured, context, name)
    except (KeyboardInterrupt, Terminated, AlreadyStartedError):
        raise
    except (Exception, SystemExit) as error:
        if isinstance(error, EntityExistsError) and run_name is not None:
            raise AlreadyStartedError(f"The run {name!r} has been started already.") from error
        # ZenML raises when a step failed; the report says so. Anything else is no run's failure.
        run = _find(name)
        if run is None or not run.status.is_failed:
            raise LaunchError(f"{pipeline.name!r} could not be run: {error}") from error
        logger.error("The run %s failed: %s", name, error)
        tell_unstored(run)
        return run
    return Client().get_pipeline_run(name, allow_name_prefix_match=False)


def _with_failed(run: PipelineRunResponse, failed: Mapping[str, str]) -> PipelineRunResponse:
    from zenml import log_metadata
    from zenml.client import Client

    log_metadata(metadata={FAILED_CALLBACKS: dict(failed)}, run_id_name_or_prefix=run.id)
    return Client().get_pipeline_run(run.id)


def _call(pipeline: Pipeline, context: RunContext, name: str) -> None:
    try:
        pipeline(run=context)
    except (KeyboardInterrupt, Terminated):
        mark_interrupted(name)
        raise


def _find(name: str) -> PipelineRunResponse | None:
    from zenml.client import Client

    runs = Client().list_pipeline_runs(name=name, size=1, hydrate=True)
    return runs.items[0] if runs.items else None
