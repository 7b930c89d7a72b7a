"""Watch a run from the process that started it."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from runtime.context import RunContext
from runtime.deadlines.specs import deadlines_of, sla_of
from runtime.failed_callbacks import collecting, note_failed_callback
from runtime.schedule import DagSchedule

if TYPE_CHECKING:
    from zenml.pipelines.pipeline_definition import Pipeline

_LAST_WORD_SECONDS = 60.0
Moment = tuple[datetime, int, Callable[[], object]]


@contextmanager
def watched(
    pipeline: Pipeline, schedule: DagSchedule | None, run: RunContext
) -> Iterator[dict[str, str]]:
    """Tell who is to be told when a moment passes in the block and the run has not ended.

    After the block, what it gives has the callbacks that failed, with their errors. Raises
    `LaunchError` for an `extra` of the pipeline that cannot be read.
    """
    moments = list(_moments(pipeline, schedule, run))
    failed: dict[str, str] = {}
    if not moments:
        yield failed
        return
    ended = threading.Event()
    watch = threading.Thread(
        target=_watch, args=(run.dag_id, moments, ended, failed), name="deadlines", daemon=True
    )
    watch.start()
    try:
        yield failed
    finally:
        ended.set()
        # Somebody may just be told of a moment that has passed.
        watch.join(_LAST_WORD_SECONDS)


def _moments(pipeline: Pipeline, schedule: DagSchedule | None, run: RunContext) -> Iterator[Moment]:
    now = datetime.now(timezone.utc)
    sla = sla_of(pipeline)
    if sla is not None and schedule is not None and run.next_logical_date is not None:
        from runtime.deadlines.sla import check_slas

        for seconds in sorted(set(sla.tasks.values())):
            # Airflow asks whether the moment lies in the past.
            at = run.next_logical_date + timedelta(seconds=seconds, milliseconds=1)
            yield (
                max(at, now),
                0,
                lambda: check_slas(run.dag_id, schedule, sla, datetime.now(timezone.utc)),
            )
    specs = deadlines_of(pipeline)
    if specs:
        from runtime.deadlines.alerts import due, tell

        for number, deadline in enumerate(specs, start=1):
            at_ = due(deadline, run, now)
            if at_ is not None:
                yield at_, number, _teller(tell, deadline, run, now, at_)


def _teller(tell: Callable[..., None], *args: object) -> Callable[[], object]:
    return lambda: tell(*args)


def _watch(
    dag_id: str, moments: list[Moment], ended: threading.Event, failed: dict[str, str]
) -> None:
    heap = [(at, number, index) for index, (at, number, _) in enumerate(moments)]
    heapq.heapify(heap)
    while heap:
        at, _, index = heapq.heappop(heap)
        if ended.wait(max(0.0, (at - datetime.now(timezone.utc)).total_seconds())):
            return
        with collecting(failed):
            try:
                moments[index][2]()
            except Exception as error:  # The store or the configuration: the run goes on.
                note_failed_callback("about the run not being done in time", dag_id, error)
