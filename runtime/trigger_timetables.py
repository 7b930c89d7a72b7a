"""Timetables whose runs do not wait for their data interval: triggers and lists of dates.

Behaviour: airflow/timetables/trigger.py and airflow/timetables/events.py. A run's logical date is
the start of its data interval, which ends when the timetable fires. All dates are in UTC.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from runtime.timetables import FireTimes


class IntervalTimetable:
    """Runs for each interval between fire times, when it is over (Airflow's data intervals)."""

    def __init__(self, fires: FireTimes) -> None:
        """Take the fire times."""
        self._fires = fires

    def data_interval(self, date: datetime) -> tuple[datetime, datetime]:
        """Give the interval of the run of a logical date."""
        return date, self._fires.next(date)

    def neighbours(self, date: datetime) -> tuple[datetime | None, datetime | None]:
        """Give the logical dates before and after one."""
        return self._fires.previous(date), self._fires.next(date)

    def manual_interval(self, moment: datetime) -> tuple[datetime, datetime]:
        """Give the interval of a run triggered by hand at a moment."""
        return self._fires.manual_interval(moment)

    def latest(
        self, now: datetime, start: datetime | None, end: datetime | None, *, catchup: bool
    ) -> datetime | None:
        """Give the logical date of the newest run whose interval is over."""
        newest = self._fires.newest(now, start if catchup else None)
        if end is not None and newest > end:
            newest = self._fires.align_to_previous(end)
        earliest = self._fires.align_to_next(start) if start else None
        if earliest is None or newest >= earliest:
            return newest
        return earliest if self._fires.next(earliest) <= now else None

    def dates(self, low: datetime, high: datetime) -> Iterator[datetime]:
        """Give the logical dates within two, both included."""
        date = self._fires.align_to_next(low)
        while date <= high:
            yield date
            date = self._fires.next(date)


class TriggerTimetable:
    """Runs when one of several timetables fires, with an interval of a fixed length before it."""

    def __init__(self, fires: Sequence[FireTimes], interval: timedelta) -> None:
        """Take the fire times, and the length of the interval, which may be 0."""
        self._fires = fires
        self._interval = interval

    def data_interval(self, date: datetime) -> tuple[datetime, datetime]:
        """Give the interval of the run of a logical date."""
        return date, date + self._interval

    def neighbours(self, date: datetime) -> tuple[datetime | None, datetime | None]:
        """Give the logical date after one; Airflow knows none before it."""
        return None, self._next(date + self._interval) - self._interval

    def manual_interval(self, moment: datetime) -> tuple[datetime, datetime]:
        """Give the interval of a run triggered by hand at a moment."""
        return moment - self._interval, moment

    def latest(
        self, now: datetime, start: datetime | None, end: datetime | None, *, catchup: bool
    ) -> datetime | None:
        """Give the logical date of the newest run that has fired; the dates bound the firing."""
        fired = max(fires.align_to_previous(min(now, end or now)) for fires in self._fires)
        return None if start is not None and fired < start else fired - self._interval

    def dates(self, low: datetime, high: datetime) -> Iterator[datetime]:
        """Give the logical dates of the runs that fire within two dates, both included."""
        fire = min(fires.align_to_next(low) for fires in self._fires)
        while fire <= high:
            yield fire - self._interval
            fire = self._next(fire)

    def _next(self, fire: datetime) -> datetime:
        return min(fires.next(fire) for fires in self._fires)


class EventsTimetable:
    """Runs at listed dates, with an interval of no length."""

    def __init__(self, events: Sequence[datetime], *, restrict_to_events: bool) -> None:
        """Take the dates; `restrict_to_events` says that runs by hand are for a past one of them."""
        self._events = sorted(set(events))
        self._restrict = restrict_to_events

    def data_interval(self, date: datetime) -> tuple[datetime, datetime]:
        """Give the interval of the run of a logical date: only that date."""
        return date, date

    def neighbours(self, date: datetime) -> tuple[datetime | None, datetime | None]:
        """Give the logical date after one; Airflow knows none before it."""
        following = self._events[bisect_right(self._events, date) :]
        return None, following[0] if following else None

    def manual_interval(self, moment: datetime) -> tuple[datetime, datetime]:
        """Give the interval of a run triggered by hand at a moment."""
        if self._restrict and self._events:
            past = bisect_right(self._events, moment)
            moment = self._events[max(past - 1, 0)]
        return moment, moment

    def latest(
        self, now: datetime, start: datetime | None, end: datetime | None, *, catchup: bool
    ) -> datetime | None:
        """Give the newest date that is not in the future."""
        past = list(self.dates(start or self._events[0], min(now, end or now)))
        return past[-1] if past else None

    def dates(self, low: datetime, high: datetime) -> Iterator[datetime]:
        """Give the dates within two, both included."""
        return iter([event for event in self._events if low <= event <= high])
