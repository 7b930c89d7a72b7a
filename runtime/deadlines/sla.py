"""Airflow 2's SLAs: which tasks are late, and who is told.

Source: `DagFileProcessor.manage_slas` (airflow/dag_processing/processor.py, 2.10). As there, a task
is late for the date after its last success when the date after that one is `sla` in the past; that
later date is the one of the miss; and a task that never succeeded is never late.
"""

from __future__ import annotations

import hashlib
import html
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from uuid import UUID

from runtime.config import load_config
from runtime.context import RunContext, split_step_name
from runtime.deadlines.calling import call
from runtime.deadlines.specs import Sla
from runtime.exceptions import ConfigError, EmailError
from runtime.failed_callbacks import FAILED_CALLBACKS, collecting, note_failed_callback
from runtime.mail import compose, send
from runtime.report import SKIPPED, SUCCESS, task_states
from runtime.runs import newest_runs, runs_at
from runtime.schedule import DagSchedule
from runtime.templates.objects import Dag

logger = logging.getLogger(__name__)

PREFIX = "sla_miss:"
_EARLIEST = datetime.min.replace(tzinfo=timezone.utc)
_LOOKED_AT = 50
_MOST_DATES = 1_000


@dataclass(frozen=True)
class SlaMiss:
    """Airflow's `SlaMiss`: what a callback is told of a late task."""

    task_id: str
    dag_id: str
    execution_date: datetime
    timestamp: datetime
    email_sent: bool = False
    notification_sent: bool = False
    description: str | None = None


@dataclass(frozen=True)
class BlockingTaskInstance:
    """A task instance of the date of a miss that has not succeeded."""

    task_id: str
    dag_id: str
    execution_date: datetime
    state: str | None


def check_slas(dag_id: str, schedule: DagSchedule, sla: Sla, now: datetime) -> list[SlaMiss]:
    """Tell who is to be told of the tasks that are late now, of each miss once; gives the misses.

    Callbacks that fail are noted at the artifact that notes the misses.
    """
    if not schedule.is_periodic:
        return []
    told = _told_until(dag_id)
    misses: list[SlaMiss] = []
    notes: list[UUID] = []
    for task, run in _last_successes(dag_id, sla.tasks).items():
        dates = late_dates(schedule, run, sla.interval(task), now)
        until = told.get(_digest(task))
        new = [date for date in dates if until is None or date > until]
        if new and (note := _note(dag_id, task, new[-1])) is not None:
            notes.append(note)
            misses += [SlaMiss(task, dag_id, date, now) for date in new]
    if misses:
        failed: dict[str, str] = {}
        with collecting(failed):
            _tell(misses, sla)
        if failed:
            _note_failed(notes, failed)
    return misses


def late_dates(
    schedule: DagSchedule, last: RunContext, sla: timedelta, now: datetime
) -> Iterator[datetime]:
    """Give the dates of the misses of a task, by the run in which it last succeeded."""
    interval = (last.data_interval_start, last.data_interval_end)
    following = schedule.neighbours(interval[1] if schedule.trigger else interval[0])[1]
    for _ in range(_MOST_DATES):
        if following is None or following >= now:
            return
        following = schedule.neighbours(following)[1]
        if following is not None and following + sla < now:
            yield following


def _last_successes(dag_id: str, tasks: Iterable[str]) -> Mapping[str, RunContext]:
    """Give for each task the run of the latest date in which it succeeded or was skipped."""
    wanted = set(tasks)
    found: dict[str, RunContext] = {}
    for run, context in newest_runs(dag_id, _LOOKED_AT):
        if wanted <= found.keys():
            break
        states = task_states(run)
        for task in wanted - found.keys():
            if any(states[one] in (SUCCESS, SKIPPED) for one in states if _is_of(one, task)):
                found[task] = context
    return found


def _is_of(label: str, task: str) -> bool:
    """Tell whether a label is that of the task, or of an instance of it."""
    return split_step_name(label)[0] == task


def _told_until(dag_id: str) -> Mapping[str, datetime]:
    """Give the date of the latest miss of each task that somebody was told of."""
    from zenml.client import Client

    found = Client().list_artifact_versions(
        artifact=f"{PREFIX}{dag_id}", sort_by="desc:created", size=_LOOKED_AT
    )
    told: dict[str, datetime] = {}
    for version in found.items:
        task, _, date = version.version.partition("@")
        told[task] = max(told.get(task, _EARLIEST), datetime.fromisoformat(date))
    return told


def _note(dag_id: str, task: str, date: datetime) -> UUID | None:
    """Note the latest miss of a task, by an artifact; `None` if another process has just done so."""
    from zenml import save_artifact
    from zenml.exceptions import EntityExistsError

    date = date.astimezone(timezone.utc)
    try:
        version = save_artifact(
            f"{task} on {date.isoformat()}",
            name=f"{PREFIX}{dag_id}",
            version=f"{_digest(task)}@{date.isoformat()}",
            extract_metadata=False,
            include_visualizations=False,
        )
    except EntityExistsError:
        return None
    return version.id


def _note_failed(notes: Iterable[UUID], failed: dict[str, str]) -> None:
    from zenml import log_metadata

    for note in notes:
        log_metadata(metadata={FAILED_CALLBACKS: dict(failed)}, artifact_version_id=note)


def _digest(task: str) -> str:
    return hashlib.sha256(task.encode()).hexdigest()[:32]


def _tell(misses: list[SlaMiss], sla: Sla) -> None:
    dag_id = misses[0].dag_id
    blocking = list(_blocking(misses))
    task_list = _listed(misses)
    logger.warning("Tasks of %r missed their SLA: %s", dag_id, task_list.replace("\n", ", "))
    for callback in sla.callbacks:
        call(callback, dag_id, Dag(dag_id), task_list, _listed(blocking), misses, blocking)
    to = sorted({one for miss in misses for one in sla.email.get(miss.task_id, ())})
    if to:
        _write(dag_id, to, task_list, _listed(blocking))


def _listed(things: Iterable[SlaMiss | BlockingTaskInstance]) -> str:
    return "\n".join(f"{one.task_id} on {one.execution_date.isoformat()}" for one in things)


def _blocking(misses: list[SlaMiss]) -> Iterator[BlockingTaskInstance]:
    dag_id = misses[0].dag_id
    for date in sorted({miss.execution_date for miss in misses})[-_LOOKED_AT:]:
        for run in runs_at(dag_id, date)[:1]:
            for task, state in task_states(run).items():
                if state not in (SUCCESS, None):
                    yield BlockingTaskInstance(task, dag_id, date, state)


def _write(dag_id: str, to: list[str], task_list: str, blocking: str) -> None:
    text = (
        "Here's a list of tasks that missed their SLAs:\n"
        f"<pre><code>{html.escape(task_list)}\n</code></pre>\nBlocking tasks:\n"
        f"<pre><code>{html.escape(blocking)}</code></pre>\n"
    )
    try:
        config = load_config(dag_id).email
        message = compose(
            sender=config.sender,
            to=to,
            cc=(),
            subject=f"[airflow] SLA miss on DAG={dag_id}",
            html=text,
            files=(),
        )
        send(message, to, config)
    except (ConfigError, EmailError) as error:
        note_failed_callback("the e-mail about missed SLAs", dag_id, error)
