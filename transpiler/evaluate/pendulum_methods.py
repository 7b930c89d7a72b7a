"""What pendulum's dates and time zones can do and the standard library's cannot.

A date of pendulum is held as a `datetime`. What is computed here is the same in pendulum 2 and 3; other
members, and values that a change of the clocks makes doubtful, are left to the run.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Any

from dateutil.relativedelta import relativedelta

from transpiler.evaluate import moments, operations
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Builtin

_STEPS = frozenset("years months weeks days hours minutes seconds microseconds".split())
_SHORT = _STEPS - {"years", "months", "weeks", "days"}
_UNITS = ("year", "month", "day", "hour", "minute", "second", "microsecond")
_TOKEN = re.compile(r"\[([^\[\]\\]*)\]|(YYYY|YY|MM|M|DD|D|HH|H|hh|h|mm|m|ss|s|A)|([^A-Za-z\[\]\\])")
_RUNS = re.compile(r"([A-Za-z])\1*")
_FORMATS: dict[str, Callable[[datetime], str]] = {
    "YYYY": lambda value: f"{value.year:04}",
    "YY": lambda value: f"{value.year % 100:02}",
    "MM": lambda value: f"{value.month:02}",
    "M": lambda value: str(value.month),
    "DD": lambda value: f"{value.day:02}",
    "D": lambda value: str(value.day),
    "HH": lambda value: f"{value.hour:02}",
    "H": lambda value: str(value.hour),
    "hh": lambda value: f"{value.hour % 12 or 12:02}",
    "h": lambda value: str(value.hour % 12 or 12),
    "mm": lambda value: f"{value.minute:02}",
    "m": lambda value: str(value.minute),
    "ss": lambda value: f"{value.second:02}",
    "s": lambda value: str(value.second),
    "A": lambda value: "AM" if value.hour < 12 else "PM",
}


def _is_utc(value: datetime) -> bool:
    return value.tzinfo is timezone.utc or getattr(value.tzinfo, "key", "") == "UTC"


def _checked(site: CallSite, made: datetime) -> Any:
    """A local time that is there exactly once."""
    if made.tzinfo is not None and not _is_utc(made):
        again = made.astimezone(timezone.utc).astimezone(made.tzinfo)
        if again.replace(tzinfo=None) != made.replace(tzinfo=None) or (
            made.replace(fold=1).utcoffset() != made.replace(fold=0).utcoffset()
        ):
            return site.symbolic("the clocks are changed at that time")
    return made


def _shift(sign: int) -> Callable[..., Any]:
    def shift(site: CallSite, value: datetime, **amounts: Any) -> Any:
        if set(amounts) - _STEPS or not all(type(n) is int for n in amounts.values()):
            return site.symbolic("the amounts are not known")
        if set(amounts) & _SHORT and value.tzinfo is not None and not _is_utc(value):
            return site.symbolic("hours of a time zone that changes its clocks are not evaluated")
        steps = {key: sign * amount for key, amount in amounts.items()}
        made = operations.attempt(lambda: value + relativedelta(**steps), site.node)
        return _checked(site, made)

    return shift


def _start(value: datetime, unit: str) -> datetime:
    if unit == "week":
        value, unit = value - timedelta(days=value.weekday()), "day"
    lower = {"month": 1, "day": 1}
    rest = _UNITS[_UNITS.index(unit) + 1 :]
    zeros: dict[str, Any] = {name: lower.get(name, 0) for name in rest}
    return value.replace(**zeros)


def _start_of(site: CallSite, value: datetime, unit: Any) -> Any:
    if unit not in (*_UNITS[:-1], "week"):
        return site.symbolic("the unit is not evaluated")
    return _checked(site, operations.attempt(lambda: _start(value, unit), site.node))


def _end_of(site: CallSite, value: datetime, unit: Any) -> Any:
    if unit not in (*_UNITS[:-1], "week"):
        return site.symbolic("the unit is not evaluated")
    step: Any = relativedelta(**{f"{unit}s": 1})  # type: ignore[arg-type]
    last = timedelta(microseconds=1)
    return _checked(site, operations.attempt(lambda: _start(value, unit) + step - last, site.node))


def _format(site: CallSite, value: datetime, pattern: Any) -> Any:
    """`DateTime.format` of patterns that are numbers; names of months and days hang on a locale."""
    if not isinstance(pattern, str):
        return site.symbolic("the pattern is not known")
    found = list(_TOKEN.finditer(pattern))
    bare = re.sub(r"\[[^\]]*\]", "", pattern)
    known = all(run[0] in _FORMATS for run in _RUNS.finditer(bare))
    if not known or sum(len(match[0]) for match in found) != len(pattern):
        return site.symbolic("the pattern is not evaluated")
    return "".join(
        _FORMATS[match[2]](value) if match[2] else match[1] or match[3] or "" for match in found
    )


def _zoned(site: CallSite, value: datetime, tz: Any) -> Any:
    zone = moments.zone(site, tz) if isinstance(tz, str) else tz
    if not isinstance(zone, tzinfo) or value.tzinfo is None:
        return site.symbolic("the time zone is not known")
    return operations.attempt(lambda: value.astimezone(zone), site.node)


def _set(site: CallSite, value: datetime, **parts: Any) -> Any:
    if set(parts) - set(_UNITS) or not all(type(part) is int for part in parts.values()):
        return site.symbolic("the parts are not evaluated")
    return _checked(site, operations.attempt(lambda: value.replace(**parts), site.node))


def _iso(site: CallSite, value: datetime) -> str:
    text = value.isoformat()
    return text.replace("+00:00", "Z") if _is_utc(value) else text


METHODS: dict[str, Callable[..., Any]] = {
    "add": _shift(1),
    "subtract": _shift(-1),
    "start_of": _start_of,
    "end_of": _end_of,
    "format": _format,
    "set": _set,
    "on": lambda site, value, year, month, day: _set(site, value, year=year, month=month, day=day),
    "at": lambda site, value, hour, minute=0, second=0, microsecond=0: _set(
        site, value, hour=hour, minute=minute, second=second, microsecond=microsecond
    ),
    "naive": lambda site, value: value.replace(tzinfo=None),
    "in_timezone": _zoned,
    "in_tz": _zoned,
    "to_date_string": lambda site, value: value.strftime("%Y-%m-%d"),
    "to_time_string": lambda site, value: value.strftime("%H:%M:%S"),
    "to_datetime_string": lambda site, value: value.strftime("%Y-%m-%d %H:%M:%S"),
    "to_iso8601_string": _iso,
}
FIELDS: dict[str, Callable[[datetime], Any]] = {
    "day_of_year": lambda value: value.timetuple().tm_yday,
    "days_in_month": lambda value: calendar.monthrange(value.year, value.month)[1],
    "quarter": lambda value: (value.month + 2) // 3,
    "week_of_year": lambda value: value.isocalendar()[1],
    "tz": lambda value: value.tzinfo,
    "timezone": lambda value: value.tzinfo,
}


def _localize(zone: tzinfo) -> Builtin:
    def call(site: CallSite, value: Any) -> Any:
        if not isinstance(value, datetime):
            return site.symbolic("the date is not known")
        return _checked(site, value.replace(tzinfo=zone))

    return Builtin("localize", call, wants_site=True)


def zone_member(zone: tzinfo, name: str) -> Any:
    """`localize` of pytz, and the name of a zone that has one; None for other members."""
    if name == "localize":
        return _localize(zone)
    known = "UTC" if zone is timezone.utc else getattr(zone, "key", None)
    return known if name in ("name", "zone") else None


_DATE_MEMBERS = frozenset("""
    age average closest day_of_week diff diff_for_humans farthest first_of float_timestamp for_json get_offset
    instance int_timestamp is_anniversary is_birthday is_dst is_future is_leap_year is_local is_long_year
    is_past is_same_day is_utc last_of next nth_of offset offset_hours previous timezone_name to_atom_string
    to_cookie_string to_day_datetime_string to_formatted_date_string to_rfc1036_string to_rfc1123_string
    to_rfc2822_string to_rfc3339_string to_rfc822_string to_rfc850_string to_rss_string to_w3c_string
    week_of_month time_zone
    """.split())
_DELTA_MEMBERS = frozenset("""
    as_timedelta hours in_days in_hours in_minutes in_months in_seconds in_weeks in_words in_years invert
    minutes months range remaining_days remaining_seconds start end total_days total_hours total_minutes
    total_seconds total_weeks weeks years days seconds microseconds as_duration as_interval
    """.split())
_ZONE_MEMBERS = frozenset("convert datetime key name normalize offset zone".split())


def has(value: Any, name: str) -> bool:
    """Whether the object that a date, duration or zone may stand for has a member that only a run
    can tell the value of.
    """
    if isinstance(value, date):
        return name in _DATE_MEMBERS or name in METHODS or name in FIELDS
    if isinstance(value, (timedelta, relativedelta)):
        return name in _DELTA_MEMBERS
    return isinstance(value, tzinfo) and name in _ZONE_MEMBERS
