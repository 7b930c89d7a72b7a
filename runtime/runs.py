"""Find ZenML runs by Airflow's terms: DAG id and logical date.

`runtime.launch` tags each run with both, so that one date is never taken for another.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from runtime.context import RunContext

if TYPE_CHECKING:
    from zenml.models import PipelineRunResponse


@dataclass(frozen=True)
class PreviousRun:
    """An earlier successful run: its context, and when it ran (UTC)."""

    context: RunContext
    started: datetime | None
    ended: datetime | None


def dag_tag(dag_id: str) -> str:
    """Give the tag of all runs of a DAG."""
    return f"dag_id:{dag_id}"


def logical_date_tag(logical_date: datetime) -> str:
    """Give the tag of the runs of a logical date, which is named in UTC."""
    return f"logical_date:{logical_date.astimezone(timezone.utc).isoformat()}"


def run_tags(run: RunContext) -> list[str]:
    """Give the tags by which a run is found again."""
    date = run.logical_date.astimezone(timezone.utc)
    return [dag_tag(run.dag_id), logical_date_tag(date), f"ds:{date:%Y-%m-%d}"]


def runs_at(dag_id: str, logical_date: datetime) -> list[PipelineRunResponse]:
    """Give the runs of a DAG for exactly one logical date, the newest first."""
    from zenml.client import Client

    page = Client().list_pipeline_runs(
        pipeline=dag_id, tags=[logical_date_tag(logical_date)], sort_by="desc:created", size=50
    )
    return list(page.items)


def runs_before(dag_id: str, logical_date: datetime) -> list[PipelineRunResponse]:
    """Give the runs of a DAG for earlier logical dates, the latest date first, of each the newest."""
    newest: dict[datetime, PipelineRunResponse] = {}
    for other in _runs(dag_id):
        date = _context(other).logical_date
        if date < logical_date:
            newest.setdefault(date, other)
    return [newest[date] for date in sorted(newest, reverse=True)]


def newest_runs(dag_id: str, at_most: int) -> Iterator[tuple[PipelineRunResponse, RunContext]]:
    """Give the runs that were started last, with their contexts, the latest logical date first."""
    runs = [(run, _context(run)) for run in itertools.islice(_runs(dag_id), at_most)]
    yield from sorted(runs, key=lambda pair: pair[1].logical_date, reverse=True)


def finished_runs(dag_id: str, at_most: int) -> list[tuple[datetime, datetime]]:
    """Give when the runs of the latest logical dates that have ended started and ended."""
    ended = [
        (context.logical_date, started, end)
        for run in _runs(dag_id)
        if (started := _utc(run.start_time)) and (end := _utc(run.end_time))
        for context in [_context(run)]
    ]
    latest = sorted(ended, key=lambda one: one[0], reverse=True)[:at_most]
    return [(started, end) for _, started, end in latest]


def previous_success(run: RunContext) -> PreviousRun | None:
    """Give the successful run of the same DAG with the latest logical date before a run's."""
    best: PreviousRun | None = None
    for other in _successful_runs(run.dag_id):
        context = _context(other)
        if context.logical_date >= run.logical_date:
            continue
        if best is None or context.logical_date > best.context.logical_date:
            best = PreviousRun(context, _utc(other.start_time), _utc(other.end_time))
        if best.context.logical_date == run.prev_logical_date:
            break  # No run lies between two neighbouring dates of a schedule.
    return best


def newest_context(dag_id: str, run_types: Collection[str]) -> RunContext | None:
    """Give the context of the run of some types that has the latest logical date."""
    contexts = (_context(run) for run in _runs(dag_id))
    found = [context for context in contexts if context.run_type in run_types]
    return max(found, key=lambda context: context.logical_date, default=None)


def active_run_names(dag_id: str) -> set[str]:
    """Give the names of the runs of a DAG that have not ended."""
    from zenml.client import Client
    from zenml.enums import ExecutionStatus

    going = [status.value for status in ExecutionStatus if not status.is_finished]
    found = Client().list_pipeline_runs(
        pipeline=dag_id, status="oneof:" + json.dumps(going), size=500
    )
    return {run.name for run in found.items}


def has_run(name: str) -> bool:
    """Tell whether there is a run of this name."""
    return find_run(name) is not None


def find_run(name: str) -> PipelineRunResponse | None:
    """Give the run of this name."""
    from zenml.client import Client

    found = Client().list_pipeline_runs(name=f"equals:{name}", size=1, hydrate=True)
    return found.items[0] if found.items else None


def _successful_runs(dag_id: str) -> Iterator[PipelineRunResponse]:
    return _runs(dag_id, status="completed")


def _runs(dag_id: str, **filters: str) -> Iterator[PipelineRunResponse]:
    """Give the runs that have an Airflow context, the newest first."""
    from zenml.client import Client

    page, pages = 1, 1
    while page <= pages:
        found = Client().list_pipeline_runs(
            pipeline=dag_id,
            **filters,  # type: ignore[arg-type]
            tags=[dag_tag(dag_id), "startswith:logical_date:"],
            sort_by="desc:created",
            size=50,
            page=page,
            hydrate=True,
        )
        yield from found.items
        page, pages = page + 1, found.total_pages


def _context(run: PipelineRunResponse) -> RunContext:
    context = RunContext.model_validate((run.config.parameters or {})["run"])
    if context.schedule is None:
        return context
    # ZenML's scheduler gives all its runs one context; the date of each is in its tags.
    dates = [tag.name.partition(":")[2] for tag in run.tags if tag.name.startswith("logical_date:")]
    return RunContext.for_schedule(
        context.schedule, datetime.fromisoformat(dates[0]), dag_id=context.dag_id
    )


def _utc(moment: datetime | None) -> datetime | None:
    """Read ZenML's times, which are UTC without a zone."""
    return moment and moment.replace(tzinfo=moment.tzinfo or timezone.utc)
