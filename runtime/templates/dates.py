"""The date type of templates: a `datetime` with what templates use of pendulum's `DateTime`.

Airflow hands templates pendulum objects. Pendulum is no dependency of the runtime, so the names
here behave like those of pendulum 3 (https://pendulum.eustace.io/docs/). Dates are always aware.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from runtime.templates.date_format import format_date
from runtime.templates.humanize import describe_difference

UTC = timezone.utc
# Larger units first; each one resets all that come after it.
_RESETS: dict[str, dict[str, int]] = {
    "year": {"month": 1, "day": 1, "hour": 0, "minute": 0, "second": 0, "microsecond": 0},
    "month": {"day": 1, "hour": 0, "minute": 0, "second": 0, "microsecond": 0},
    "day": {"hour": 0, "minute": 0, "second": 0, "microsecond": 0},
    "hour": {"minute": 0, "second": 0, "microsecond": 0},
    "minute": {"second": 0, "microsecond": 0},
    "second": {"microsecond": 0},
}


class Interval(timedelta):
    """The time between two dates, with pendulum's `total_…` and `in_…` names."""

    def total_days(self) -> float:
        """Give the length in days, with fraction."""
        return self.total_seconds() / 86400

    def total_hours(self) -> float:
        """Give the length in hours, with fraction."""
        return self.total_seconds() / 3600

    def total_minutes(self) -> float:
        """Give the length in minutes, with fraction."""
        return self.total_seconds() / 60

    def in_weeks(self) -> int:
        """Give the whole weeks."""
        return int(self.total_days() / 7)

    def in_days(self) -> int:
        """Give the whole days."""
        return int(self.total_days())

    def in_hours(self) -> int:
        """Give the whole hours."""
        return int(self.total_hours())

    def in_minutes(self) -> int:
        """Give the whole minutes."""
        return int(self.total_minutes())

    def in_seconds(self) -> int:
        """Give the whole seconds."""
        return int(self.total_seconds())


class DateTime(datetime):
    """An aware date and time."""

    @classmethod
    def of(cls, moment: datetime) -> DateTime:
        """Make one of any `datetime`; a naive one is taken as UTC."""
        zone = moment.tzinfo or UTC
        clock = (moment.hour, moment.minute, moment.second, moment.microsecond)
        return cls(moment.year, moment.month, moment.day, *clock, zone, fold=moment.fold)

    def __str__(self) -> str:
        """Give ISO 8601 with a blank, as pendulum 3 does."""
        return self.isoformat(" ")

    def __add__(self, other: Any) -> DateTime:
        """Add elapsed time, across changes of the clock; a `relativedelta` by the wall clock."""
        if isinstance(other, relativedelta):
            return DateTime.of(self._stdlib() + other)
        if not isinstance(other, timedelta):
            return NotImplemented
        return DateTime.of((self._stdlib().astimezone(UTC) + other).astimezone(self.tzinfo))

    __radd__ = __add__

    def __sub__(self, other: Any) -> Any:
        """Go back by elapsed time, or give the `Interval` since another date."""
        if isinstance(other, (timedelta, relativedelta)):
            return self + -other
        if isinstance(other, datetime):
            delta = self._stdlib() - DateTime.of(other)._stdlib()
            return Interval(delta.days, delta.seconds, delta.microseconds)
        return NotImplemented

    def add(
        self,
        years: int = 0,
        months: int = 0,
        weeks: int = 0,
        days: int = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
        microseconds: float = 0,
    ) -> DateTime:
        """Move forward: with calendar units by the wall clock, else by elapsed time."""
        clock = timedelta(hours=hours, minutes=minutes, seconds=seconds, microseconds=microseconds)
        if not any((years, months, weeks, days)):
            return self + clock
        calendar = relativedelta(years=years, months=months, weeks=weeks, days=days)
        return DateTime.of(self._stdlib() + calendar + clock)

    def subtract(self, **amounts: float) -> DateTime:
        """Move back; the same units as `add`."""
        return self.add(**{unit: -amount for unit, amount in amounts.items()})  # type: ignore[arg-type]

    def start_of(self, unit: str) -> DateTime:
        """Give the first moment of the year, month, week, day, hour, minute or second."""
        if unit == "week":
            return self.subtract(days=self.weekday()).start_of("day")
        if unit not in _RESETS:
            raise ValueError(f"Invalid unit {unit!r} for start_of(); one of {[*_RESETS, 'week']}.")
        return self.replace(**_RESETS[unit])  # type: ignore[arg-type]

    def end_of(self, unit: str) -> DateTime:
        """Give the last microsecond of the unit that `start_of` begins."""
        following: DateTime = self.start_of(unit).add(**{f"{unit}s": 1})
        return following.subtract(microseconds=1)

    def set(self, **parts: Any) -> DateTime:
        """Replace parts of the date; `tz` replaces the zone and keeps the clock."""
        if "tz" in parts:
            parts["tzinfo"] = _zone(parts.pop("tz"))
        return self.replace(**parts)

    def in_timezone(self, tz: str | tzinfo) -> DateTime:
        """Give the same moment in another time zone."""
        return DateTime.of(self.astimezone(_zone(tz)))

    in_tz = in_timezone

    def naive(self) -> datetime:
        """Give the wall clock without its time zone."""
        return self._stdlib().replace(tzinfo=None)

    def diff(self, other: datetime | None = None, abs: bool = True) -> Interval:
        """Give the time to another date, or to now; without sign unless `abs` is false."""
        interval: Interval = DateTime.of(other or datetime.now(UTC)) - self
        if abs and interval < timedelta(0):
            return Interval(seconds=-interval.total_seconds())
        return interval

    def diff_for_humans(self, other: datetime | None = None, absolute: bool = False) -> str:
        """Give the difference in English words: `2 days ago`, `3 months after`."""
        return describe_difference(self._stdlib(), other, absolute=absolute)

    def format(self, fmt: str, locale: str | None = None) -> str:
        """Format with pendulum's tokens (`YYYY-MM-DD`), in English."""
        if locale not in (None, "en", "en_us"):
            raise ValueError(f"Dates are formatted in English only, not in {locale!r}.")
        return format_date(self, fmt)

    def to_date_string(self) -> str:
        """Give `2024-01-31`."""
        return self.strftime("%Y-%m-%d")

    def to_time_string(self) -> str:
        """Give `23:59:59`."""
        return self.strftime("%H:%M:%S")

    def to_datetime_string(self) -> str:
        """Give `2024-01-31 23:59:59`."""
        return self.strftime("%Y-%m-%d %H:%M:%S")

    def to_day_datetime_string(self) -> str:
        """Give `Wed, Jan 31, 2024 11:59 PM`."""
        return self.format("ddd, MMM D, YYYY h:mm A")

    def to_iso8601_string(self) -> str:
        """Give ISO 8601, with `Z` for UTC."""
        return self.isoformat().replace("+00:00", "Z")

    def to_rfc3339_string(self) -> str:
        """Give RFC 3339, which is `isoformat`."""
        return self.isoformat()

    def to_atom_string(self) -> str:
        """Give Atom's format, without fractions of a second."""
        return self.format("YYYY-MM-DDTHH:mm:ssZ")

    @property
    def int_timestamp(self) -> int:
        """Give the whole seconds since 1970."""
        return int(self.timestamp())

    @property
    def float_timestamp(self) -> float:
        """Give the seconds since 1970."""
        return self.timestamp()

    @property
    def timezone_name(self) -> str:
        """Give the zone's name, as `Europe/Brussels`."""
        return str(getattr(self.tzinfo, "key", None) or self.tzinfo)

    @property
    def day_of_week(self) -> int:
        """Give the day of the week; Monday is 0, as in pendulum 3."""
        return self.weekday()

    @property
    def day_of_year(self) -> int:
        """Give the day of the year, from 1."""
        return self.timetuple().tm_yday

    @property
    def week_of_year(self) -> int:
        """Give the ISO week."""
        return self.isocalendar()[1]

    @property
    def days_in_month(self) -> int:
        """Give the length of the month."""
        return self.end_of("month").day

    @property
    def quarter(self) -> int:
        """Give the quarter, from 1 to 4."""
        return (self.month - 1) // 3 + 1

    def _stdlib(self) -> datetime:
        return datetime.combine(self.date(), self.timetz())


def _zone(tz: str | tzinfo) -> tzinfo:
    return ZoneInfo(tz) if isinstance(tz, str) else tz
