"""Fire times as Airflow 2 computes them, changes of the clock included. All dates are in UTC."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from croniter import croniter
from dateutil.relativedelta import relativedelta

UTC = timezone.utc
Delta = TypeVar("Delta", timedelta, relativedelta)


class FireTimes(Protocol):
    """Steps from fire time to fire time."""

    def next(self, moment: datetime) -> datetime:
        """Give the first fire time after a moment."""

    def previous(self, moment: datetime) -> datetime:
        """Give the last fire time before a moment."""

    def align_to_next(self, moment: datetime) -> datetime:
        """Give the moment itself if it is a fire time, else the next one."""

    def align_to_previous(self, moment: datetime) -> datetime:
        """Give the moment itself if it is a fire time, else the previous one."""

    def newest(self, now: datetime, anchor: datetime | None) -> datetime:
        """Give the start of the newest interval that is over; `anchor` is where counting began."""

    def manual_interval(self, moment: datetime) -> tuple[datetime, datetime]:
        """Give the interval of a run triggered by hand."""


class CronTimetable:
    """Cron on the wall clock of a time zone."""

    def __init__(self, expression: str, zone: ZoneInfo) -> None:
        """Take a valid expression."""
        self._expression = expression
        self._zone = zone
        # Cron counts on the wall clock, which stands an hour still in autumn. For schedules that
        # fire within every hour Airflow counts elapsed time instead, so that the doubled hour
        # gets its runs.
        self._every_hour = croniter(expression).expanded[1] == ["*"]

    def next(self, moment: datetime) -> datetime:
        """Give the first fire time after a moment."""
        wall = self._wall(moment)
        fire: datetime = croniter(self._expression, wall).get_next(datetime)
        return moment + (fire - wall) if self._every_hour else self._from_wall(fire)

    def previous(self, moment: datetime) -> datetime:
        """Give the last fire time before a moment."""
        wall = self._wall(moment)
        fire: datetime = croniter(self._expression, wall).get_prev(datetime)
        return moment - (wall - fire) if self._every_hour else self._from_wall(fire)

    def align_to_next(self, moment: datetime) -> datetime:
        """Give the moment itself if it is a fire time, else the next one."""
        following = self.next(moment)
        return moment if self.previous(following) == moment else following

    def align_to_previous(self, moment: datetime) -> datetime:
        """Give the moment itself if it is a fire time, else the previous one."""
        before = self.previous(moment)
        return moment if self.next(before) == moment else before

    def newest(self, now: datetime, anchor: datetime | None) -> datetime:
        """Give the start of the newest interval that is over; the wall clock needs no anchor."""
        start = self.previous(now)
        if self._every_hour:
            return start if self.next(start) == now else self.previous(start)
        # On the days that the clock changes, the time before a fire time can be that fire time
        # again. So go back by days, and forward from there.
        while self.next(start) > now:
            start = self.previous(start - timedelta(days=1))
        while self.next(self.next(start)) <= now:
            start = self.next(start)
        return start

    def manual_interval(self, moment: datetime) -> tuple[datetime, datetime]:
        """Give the last interval that was over at a moment."""
        end = self.align_to_previous(moment)
        return self.previous(end), end

    def _wall(self, moment: datetime) -> datetime:
        return moment.astimezone(self._zone).replace(tzinfo=None)

    def _from_wall(self, wall: datetime) -> datetime:
        """Read a wall clock as Airflow does: of a doubled hour the second one counts, and a time

        in the hour that is left out moves on by that hour.
        """
        before = wall.replace(tzinfo=self._zone, fold=0)
        after = wall.replace(tzinfo=self._zone, fold=1)
        gap = (after.utcoffset() or timedelta()) - (before.utcoffset() or timedelta())
        if gap > timedelta():
            after = (wall + gap).replace(tzinfo=self._zone, fold=1)
        return after.astimezone(UTC)


class _Steps(Generic[Delta]):
    """A positive delta between runs, with no fire times of its own: any moment is one."""

    def __init__(self, delta: Delta) -> None:
        """Take the delta."""
        self._delta: Delta = delta

    def next(self, moment: datetime) -> datetime:
        """Give the moment one delta later."""
        return moment + self._delta

    def previous(self, moment: datetime) -> datetime:
        """Give the moment one delta earlier."""
        return moment - self._delta

    def align_to_next(self, moment: datetime) -> datetime:
        """Give the moment."""
        return moment

    def align_to_previous(self, moment: datetime) -> datetime:
        """Give the moment."""
        return moment

    def manual_interval(self, moment: datetime) -> tuple[datetime, datetime]:
        """Give the interval that ends at a moment."""
        return self.previous(moment), moment


class DeltaTimetable(_Steps[timedelta]):
    """A fixed time between runs."""

    def newest(self, now: datetime, anchor: datetime | None) -> datetime:
        """Give the start of the newest interval that is over.

        Airflow counts from the start date when it catches up, else from 1970.
        """
        origin = anchor or datetime.fromtimestamp(0, UTC)
        return origin + ((now - origin) // self._delta - 1) * self._delta


class RelativeTimetable(_Steps[relativedelta]):
    """Months and the like between runs, counted from any moment.

    As in Airflow, each date is counted from the one before it, so that a month after 31 January
    goes on with the 28th.
    """

    def newest(self, now: datetime, anchor: datetime | None) -> datetime:
        """Give the start of the newest interval that is over.

        Without an anchor Airflow counts from 1970, in months of 30 and years of 365 days.
        """
        if anchor is None:
            seconds = now.timestamp()
            rounded = datetime.fromtimestamp(seconds - seconds % self._seconds(), UTC)
            return self.previous(rounded)
        start = anchor
        while self.next(self.next(start)) <= now:
            start = self.next(start)
        return start

    def _seconds(self) -> int:
        days = self._delta.years * 365 + self._delta.months * 30 + self._delta.days
        hours = days * 24 + self._delta.hours
        return max((hours * 60 + self._delta.minutes) * 60 + self._delta.seconds, 1)
