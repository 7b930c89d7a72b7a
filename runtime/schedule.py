"""A DAG's schedule, with the data intervals that Airflow's scheduler gives its runs.

Behaviour: https://airflow.apache.org/docs/apache-airflow/2.11.0/authoring-and-scheduling/timetable.html
and the source of the timetable classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from croniter import croniter
from dateutil.relativedelta import relativedelta
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from runtime.assets.conditions import Condition, normalized
from runtime.exceptions import AssetError, ScheduleError
from runtime.timetables import CronTimetable, DeltaTimetable, FireTimes, RelativeTimetable
from runtime.trigger_timetables import EventsTimetable, IntervalTimetable, TriggerTimetable

UTC = timezone.utc


class Timetable(Protocol):
    """Which runs there are, by their logical dates."""

    def data_interval(self, date: datetime) -> tuple[datetime, datetime]:
        """Give the interval of the run of a logical date."""

    def neighbours(self, date: datetime) -> tuple[datetime | None, datetime | None]:
        """Give the logical dates before and after one."""

    def manual_interval(self, moment: datetime) -> tuple[datetime, datetime]:
        """Give the interval of a run triggered by hand at a moment."""

    def latest(
        self, now: datetime, start: datetime | None, end: datetime | None, *, catchup: bool
    ) -> datetime | None:
        """Give the logical date of the newest run that is due, within the DAG's own dates."""

    def dates(self, low: datetime, high: datetime) -> Iterator[datetime]:
        """Give the logical dates within two, both included."""


class DagSchedule(BaseModel):
    """When a DAG runs: by cron in a time zone, every so many seconds or (`every`, as arguments of
    dateutil's `relativedelta`) months and the like, at listed `events`, once, all the time
    (`continuous`), when assets are updated, or only by hand.

    A run is for the interval from one fire time to the next, and due at its end. With `trigger` it
    is due when the schedule fires, and its interval are the `interval_seconds` before that; such a
    schedule may have several cron expressions. `start_date`, `end_date` and `events` without an
    offset are wall clock in `timezone`. All dates that methods give are in UTC.

    `assets` (Airflow 3) or `datasets` (Airflow 2) is a condition of `runtime.assets.conditions`; it
    may stand beside a period. `max_active_runs` is what `dag2zen listen` starts at one time.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cron: str | list[str] | None = None
    every_seconds: float | None = None
    every: dict[str, int] | None = None
    once: bool = False
    continuous: bool = False
    assets: Condition | None = None
    datasets: Condition | None = None
    events: list[datetime] = Field(default_factory=list)
    restrict_to_events: bool = False
    trigger: bool = False
    interval_seconds: float = Field(default=0, ge=0)
    start_date: datetime | None = None
    end_date: datetime | None = None
    timezone: str = "UTC"
    catchup: bool = False
    max_active_runs: int = Field(default=16, ge=1)

    @field_validator("assets", "datasets", mode="before")
    @classmethod
    def _condition_is_valid(cls, condition: object) -> object:
        if condition is None:
            return None
        try:
            return normalized(condition)
        except AssetError as error:
            raise ValueError(str(error)) from error

    @field_validator("every")
    @classmethod
    def _months_are_positive(cls, every: dict[str, int] | None) -> dict[str, int] | None:
        if every is None:
            return None
        now = datetime.now(UTC)
        try:
            later = now + relativedelta(**every)  # type: ignore[arg-type]
        except (TypeError, ValueError, OverflowError) as error:
            raise ValueError(f"{every!r} are no arguments of relativedelta: {error}") from error
        if later <= now:
            raise ValueError("the interval between runs must be positive")
        return every

    @field_validator("cron")
    @classmethod
    def _cron_is_valid(cls, cron: str | list[str] | None) -> str | list[str] | None:
        for one in _several(cron):
            if not croniter.is_valid(one):
                raise ValueError(f"{one!r} is not a cron expression")
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
        cron = self.cron is not None
        every = (self.every_seconds is not None, self.every is not None)
        kinds = (cron, *every, self.once, self.continuous, bool(self.events))
        if sum(kinds) > 1:
            raise ValueError(
                "a schedule has one of `cron`, `every_seconds`, `every`, `once`, `continuous` and "
                "`events`"
            )
        if self.assets is not None and self.datasets is not None:
            raise ValueError("a schedule has one of `assets` and `datasets`")
        if self.interval_seconds and not self.trigger:
            raise ValueError("only a `trigger` schedule has `interval_seconds`")
        if isinstance(self.cron, list) and not (self.trigger and self.cron):
            raise ValueError("only a `trigger` schedule has several cron expressions")
        return self

    @property
    def is_periodic(self) -> bool:
        """Tell whether runs come again and again."""
        every = self.every_seconds is not None or self.every is not None
        return self.cron is not None or every or bool(self.events)

    @property
    def first_date(self) -> datetime | None:
        """Give the start date in UTC."""
        return self._bound(self.start_date)

    @property
    def last_date(self) -> datetime | None:
        """Give the end date in UTC."""
        return self._bound(self.end_date)

    @property
    def asset_condition(self) -> Condition | None:
        """Give the condition over assets, whichever name Airflow has for them."""
        return self.datasets if self.assets is None else self.assets

    @property
    def interval(self) -> timedelta | None:
        """Give the fixed time between runs, `None` for other kinds of schedule."""
        return None if self.every_seconds is None else timedelta(seconds=self.every_seconds)

    def data_interval(self, logical_date: datetime) -> tuple[datetime, datetime]:
        """Give the interval of the scheduled run of a logical date.

        Without a period, both ends are the logical date.
        """
        start = _to_utc(logical_date)
        return self._timetable().data_interval(start) if self.is_periodic else (start, start)

    def manual_interval(self, moment: datetime) -> tuple[datetime, datetime]:
        """Give the interval that Airflow infers for a run triggered by hand at a moment."""
        if self.is_periodic:
            return self._timetable().manual_interval(_to_utc(moment))
        return _to_utc(moment), _to_utc(moment)

    def neighbours(self, logical_date: datetime) -> tuple[datetime | None, datetime | None]:
        """Give the logical dates before and after one, as Airflow's templates know them; `None`
        without a period.
        """
        if not self.is_periodic:
            return None, None
        return self._timetable().neighbours(_to_utc(logical_date))

    def latest(self, now: datetime) -> datetime | None:
        """Give the logical date of the newest run that is due; `None` if there is none.

        A DAG that runs once has its start date; one that runs by hand has no such date.
        """
        now, start, end = _to_utc(now), self._bound(self.start_date), self._bound(self.end_date)
        if self.once:
            return start if start and start <= now else None
        if not self.is_periodic:
            return None
        return self._timetable().latest(now, start, end, catchup=self.catchup)

    def dates(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """Give the logical dates from `start` to `end`, both included, within the DAG's own bounds.

        Of a `trigger` schedule the bounds are those of the fire times, as in Airflow. Raises
        `ScheduleError` for a DAG that only runs by hand.
        """
        low = max(filter(None, (_to_utc(start), self._bound(self.start_date))))
        high = min(filter(None, (_to_utc(end), self._bound(self.end_date))))
        if self.once:
            first = self._bound(self.start_date) or low
            yield from [first] if low <= first <= high else []
            return
        if not self.is_periodic:
            raise ScheduleError("The DAG has no schedule, so it has no dates. Name one by hand.")
        yield from self._timetable().dates(low, high)

    def _timetable(self) -> Timetable:
        if self.events:
            events = [moment for event in self.events if (moment := self._bound(event))]
            return EventsTimetable(events, restrict_to_events=self.restrict_to_events)
        fires: list[FireTimes] = [
            CronTimetable(cron, ZoneInfo(self.timezone)) for cron in _several(self.cron)
        ]
        if self.interval is not None:
            fires = [DeltaTimetable(self.interval)]
        if self.every is not None:
            fires = [RelativeTimetable(relativedelta(**self.every))]  # type: ignore[arg-type]
        if not fires:
            raise ScheduleError(
                "The DAG has no period. Give its schedule `cron`, `every_seconds` or `every`."
            )
        if self.trigger:
            return TriggerTimetable(fires, timedelta(seconds=self.interval_seconds))
        return IntervalTimetable(fires[0])

    def _bound(self, moment: datetime | None) -> datetime | None:
        if moment is None:
            return None
        return _to_utc(moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(self.timezone)))

    def __repr_args__(self) -> Any:
        """Show what is set, not the defaults."""
        return [(name, getattr(self, name)) for name in sorted(self.model_fields_set)]


def _several(cron: str | list[str] | None) -> list[str]:
    return [] if cron is None else [cron] if isinstance(cron, str) else cron


def _to_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ScheduleError(f"The date {moment} has no time zone. Add one, as in {moment}+00:00.")
    return moment.astimezone(UTC)
