"""Airflow 3's deadline alerts: when they are due for a run, and what their callbacks are told.

Source: `airflow.models.deadline` (3.3): `ReferenceModels`, `Deadline.handle_miss`.
"""

from __future__ import annotations

import logging
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

from runtime.context import RunContext
from runtime.deadlines.calling import call
from runtime.deadlines.specs import AverageRuntime, Deadline, FixedDatetime
from runtime.exceptions import LaunchError
from runtime.runs import finished_runs
from runtime.variables import get_variable

logger = logging.getLogger(__name__)


def due(deadline: Deadline, run: RunContext, queued_at: datetime) -> datetime | None:
    """Give when a run must be done; `None` where too few runs were there to say so."""
    reference = _reference(deadline, run, queued_at)
    return None if reference is None else reference + _interval(deadline, run.dag_id)


def tell(deadline: Deadline, run: RunContext, queued_at: datetime, due_at: datetime) -> None:
    """Call the callback with the context that Airflow gives it."""
    logger.warning("The run %s of %r missed its deadline %s.", run.run_id, run.dag_id, due_at)
    context = {
        "dag_run": _dag_run(run, queued_at),
        "deadline": {"id": str(uuid.uuid4()), "deadline_time": due_at},
    }
    call(deadline.callback, run.dag_id, context=context)


def _reference(deadline: Deadline, run: RunContext, queued_at: datetime) -> datetime | None:
    reference = deadline.reference
    if reference == "logical_date":
        return run.logical_date
    if reference == "queued_at":
        return queued_at
    if isinstance(reference, FixedDatetime):
        fixed = reference.datetime
        return fixed if fixed.tzinfo else fixed.replace(tzinfo=timezone.utc)
    assert isinstance(reference, AverageRuntime)
    average = _average_runtime(reference, run.dag_id)
    return None if average is None else queued_at + average


def _average_runtime(reference: AverageRuntime, dag_id: str) -> timedelta | None:
    runs = finished_runs(dag_id, reference.max_runs)
    if len(runs) < (reference.min_runs or reference.max_runs):
        logger.info("%r has %d finished runs, too few for its deadline.", dag_id, len(runs))
        return None
    return sum((end - start for start, end in runs), timedelta()) / len(runs)


def _interval(deadline: Deadline, dag_id: str) -> timedelta:
    if deadline.variable is None:
        return timedelta(seconds=deadline.seconds or 0)
    value = get_variable(deadline.variable, dag_id=dag_id)
    try:
        return timedelta(seconds=int(value))
    except ValueError as error:
        raise LaunchError(
            f"The Variable {deadline.variable!r} of the deadline of {dag_id!r} must have seconds, "
            "a whole number."
        ) from error


def _dag_run(run: RunContext, queued_at: datetime) -> dict[str, Any]:
    """Give what Airflow's `DAGRunResponse` has of a run that goes on, as JSON."""
    return {
        "dag_run_id": run.run_id,
        "dag_id": run.dag_id,
        "logical_date": _json(run.logical_date),
        "queued_at": _json(queued_at),
        "start_date": _json(queued_at),
        "end_date": None,
        "duration": None,
        "data_interval_start": _json(run.data_interval_start),
        "data_interval_end": _json(run.data_interval_end),
        "run_after": _json(run.data_interval_end),
        "run_type": run.run_type,
        "state": "running",
        "conf": run.conf,
        "note": None,
        "dag_display_name": run.dag_id,
    }


def _json(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).isoformat().replace("+00:00", "Z")
