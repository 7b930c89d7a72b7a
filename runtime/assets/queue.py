"""Which updates of assets start a pipeline that listens for them.

Airflow notes for each pipeline that listens which of its assets were updated, and when its
condition is met it makes a run and forgets them: `DatasetManager._queue_dagruns` and
`SchedulerJobRunner._create_dag_runs_dataset_triggered` (2.10), `_create_dag_runs_asset_triggered`
(3.x). Here the updates are swept in their order, which gives the run that a scheduler without delay
would have made. Where the condition was met several times before a run could start, one run stands
for all of them, as Airflow's queue has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from runtime.assets.conditions import Condition, is_met, leaves
from runtime.assets.events import AssetEvent
from runtime.assets.store import aliased_uris, events_of, is_event_of
from runtime.schedule import DagSchedule

# An event gets its time before other processes can see it. So the newest ones wait for stragglers.
SETTLING = timedelta(seconds=1)


@dataclass(frozen=True)
class AssetStart:
    """A run to start: its logical date is the moment at which the condition was met."""

    date: datetime
    events: list[AssetEvent]
    data_interval: tuple[datetime, datetime]


def pending(
    schedule: DagSchedule, *, previous: datetime | None, listens_since: datetime, now: datetime
) -> AssetStart | None:
    """Give the run that updates of assets ask for; `None` while the condition is not met.

    `previous` is the logical date of the last run that was started so; updates before
    `listens_since` ask for nothing, although the first run is told of them where Airflow does.
    """
    condition = schedule.asset_condition
    if condition is None:
        return None
    wanted = list(leaves(condition))
    told_since = previous
    if previous is None and schedule.assets is not None and not schedule.catchup:
        told_since = listens_since
    events = events_of(wanted, told_since, now - SETTLING)
    asked_since = max(filter(None, (previous, listens_since)))
    date = last_met(condition, [one for one in events if one.timestamp > asked_since])
    if date is None:
        return None
    consumed = [event for event in events if event.timestamp <= date]
    return AssetStart(date, consumed, interval_of(consumed))


def last_met(condition: Condition, events: list[AssetEvent]) -> datetime | None:
    """Give the last moment at which a condition was met, counting anew each time that it was."""
    wanted = list(leaves(condition))
    aliased = {
        leaf["alias"]: aliased_uris(leaf["alias"])
        for leaf in wanted
        if isinstance(leaf, dict) and "alias" in leaf
    }
    date: datetime | None = None
    updated: list[Condition] = []
    for event in events:
        updated += [leaf for leaf in wanted if is_event_of(event, leaf, _uris(leaf, aliased))]
        if is_met(condition, updated.__contains__):
            date, updated = event.timestamp, []
    return date


def interval_of(events: list[AssetEvent]) -> tuple[datetime, datetime]:
    """Give the data interval of a run that events start: it spans those of the runs they are from.

    Source: `DatasetTriggeredTimetable.data_interval_for_events`.
    """
    spans = [
        (
            (event.source.data_interval_start, event.source.data_interval_end)
            if event.source
            else (event.timestamp, event.timestamp)
        )
        for event in events
    ]
    return min(start for start, _ in spans), max(end for _, end in spans)


def _uris(leaf: Condition, aliased: dict[str, list[str]]) -> list[str]:
    return aliased.get(leaf.get("alias", ""), []) if isinstance(leaf, dict) else []
