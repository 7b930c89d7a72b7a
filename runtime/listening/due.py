"""Which runs of a schedule are due, and when the next one will be.

Source: `next_dagrun_info` of Airflow's timetables (airflow/timetables/interval.py and simple.py).
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import datetime, timedelta

from runtime.schedule import DagSchedule

_FAR = timedelta(days=366 * 5)


def due_dates(
    schedule: DagSchedule, now: datetime, last: datetime | None, *, at_most: int
) -> list[datetime]:
    """Give the logical dates that are due, the earliest first; `last` is that of the newest
    automated run.

    Without `catchup` that is at most the newest one, with it all since the last run, or since the
    start date.
    """
    newest = schedule.latest(now)
    if newest is None or (last is not None and newest <= last):
        return []
    first = last or schedule.first_date
    if schedule.once or not schedule.catchup or first is None:
        return [newest]
    return list(itertools.islice(_dates(schedule, first, newest, last), at_most))


def next_due(schedule: DagSchedule, now: datetime) -> datetime | None:
    """Give when the next run of a schedule is due; `None` where there is none in sight."""
    for date in _coming(schedule, now):
        due = _due(schedule, date)
        if due > now:
            return due
    return None


def _dates(
    schedule: DagSchedule, first: datetime, newest: datetime, last: datetime | None
) -> Iterator[datetime]:
    for date in schedule.dates(first, _due(schedule, newest)):
        if date > newest:
            return
        if last is None or date > last:
            yield date


def _coming(schedule: DagSchedule, now: datetime) -> Iterator[datetime]:
    newest = schedule.latest(now)
    if schedule.once:
        yield from [schedule.first_date] if schedule.first_date else []
        return
    if not schedule.is_periodic:
        return
    if newest is None:
        begin = max(filter(None, (schedule.first_date, now)))
        yield from schedule.dates(begin, begin + _FAR)
        return
    following = schedule.neighbours(newest)[1]
    if following is not None:
        yield from schedule.dates(following, following + _FAR)


def _due(schedule: DagSchedule, date: datetime) -> datetime:
    """Give when the run of a logical date is due: at the end of its interval."""
    return date if schedule.once else schedule.data_interval(date)[1]
