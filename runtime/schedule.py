"""A DAG's schedule, with the data intervals that Airflow's scheduler gives its runs.

Behaviour: https://airflow.apache.org/docs/apache-airflow/2.11.0/authoring-and-scheduling/timetable.html
(CronDataIntervalTimetable, DeltaDataIntervalTimetable) and the classes' source.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from croniter import croniter
from pydantic import BaseModel, ConfigDict, field_validator, model_validator

from runtime.exceptions import ScheduleError
from runtime.timetables import CronTimetable, DeltaTimetable, Timetable

UTC = timezone.utc


class DagSchedule(BaseModel):
    """When a DAG runs: by cron in a time zone, every so many seconds, once, or only by hand.

    `start_date` and `end_date` without an offset are wall clock in `timezone`. All dates that
    methods give are in UTC.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cron: str | None = None
    every_seconds: float | None = None
    once: bool = False
    start_date: datetime | None = None
    end_date: datetime | None = None
    timezone: str = "UTC"
    catchup: bool = False

    @field_validator("cron")
    @classmethod
    def _cron_is_valid(cls, cron: str | None) -> str | None:
        if cron is not None and not croniter.is_valid(cron):
            raise ValueError(f"{cron!r} is not a cron expression")
        return cron

    @field_validator("every_seconds")
    @classmethod
    def _interval_is_positive(cls, seconds: float | None) -> float | None:
        if seconds is not None and seconds <= 0:
            raise ValueError("the interval between runs must be positive")
        return seconds

    @field_validator("timezone")
    @classmethod
    def _zone_is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{name!r} is not a time zone of the IANA database") from error
        return name

    @model_validator(mode="after")
    def _is_one_kind(self) -> DagSchedule:
        kinds = (self.cron is not None, self.every_seconds is not None, self.once)
        if sum(kinds) > 1:
            raise ValueError("a schedule has one of `cron`, `every_seconds` and `once`")
        return self

    @property
    def is_periodic(self) -> bool:
        """Tell whether runs come again and again."""
        return self.cron is not None or self.every_seconds is not None

    @property
    def interval(self) -> timedelta | None:
        """Give the fixed time between runs, `None` for other kinds of schedule."""
        return None if self.every_seconds is None else timedelta(seconds=self.every_seconds)

    def data_interval(self, logical_date: datetime) -> tuple[datetime, datetime]:
        """Give the interval of the scheduled run of a logical date: from it to the next fire.

        Without a period, both ends are the logical date.
        """
        start = _to_utc(logical_date)
        return start, self._timetable().next(start) if self.is_periodic else start

    def manual_interval(self, moment: datetime) -> tuple[datetime, datetime]:
        """Give the interval that Airflow infers for a run triggered by hand at a moment."""
        if self.is_periodic:
            return self._timetable().manual_interval(_to_utc(moment))
        return _to_utc(moment), _to_utc(moment)

    def neighbours(self, logical_date: datetime) -> tuple[datetime | None, datetime | None]:
        """Give the logical dates before and after one; `None` without a period."""
        if not self.is_periodic:
            return None, None
        date, timetable = _to_utc(logical_date), self._timetable()
        return timetable.previous(date), timetable.next(date)

    def latest(self, now: datetime) -> datetime | None:
        """Give the logical date of the newest run whose interval is over; `None` if there is none.

        A DAG that runs once has its start date; one that runs by hand has no such date.
        """
        now, start, end = _to_utc(now), self._bound(self.start_date), self._bound(self.end_date)
        if self.once:
            return start if start and start <= now else None
        if not self.is_periodic:
            return None
        timetable = self._timetable()
        newest = timetable.newest(now, start if self.catchup else None)
        if end is not None and newest > end:
            newest = timetable.align_to_previous(end)
        earliest = timetable.align_to_next(start) if start else None
        return newest if earliest is None or newest >= earliest else None

    def dates(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Give the logical dates from `start` to `end`, both included, within the DAG's own bounds.

        Raises `ScheduleError` for a DAG that only runs by hand.
        """
        low = max(filter(None, (_to_utc(start), self._bound(self.start_date))))
        high = min(filter(None, (_to_utc(end), self._bound(self.end_date))))
        if self.once:
            first = self._bound(self.start_date) or low
            yield from [first] if low <= first <= high else []
            return
        if not self.is_periodic:
            raise ScheduleError("The DAG has no schedule, so it has no dates. Name one by hand.")
        timetable = self._timetable()
        date = timetable.align_to_next(low)
        while date <= high:
            yield date
            date = timetable.next(date)

    def _timetable(self) -> Timetable:
        if self.cron is not None:
            return CronTimetable(self.cron, ZoneInfo(self.timezone))
        if self.interval is not None:
            return DeltaTimetable(self.interval)
        raise ScheduleError("The DAG has no period. Give its schedule `cron` or `every_seconds`.")

    def _bound(self, moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        return _to_utc(moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(self.timezone)))

    def __repr_args__(self) -> Any:
        """Show what is set, not the defaults."""
        return [(name, getattr(self, name)) for name in sorted(self.model_fields_set)]


def _to_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ScheduleError(f"The date {moment} has no time zone. Add one, as in {moment}+00:00.")
    return moment.astimezone(UTC)
