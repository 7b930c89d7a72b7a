"""Airflow's `timezone` module and its dates, for callables taken over from a DAG.

As in Airflow, what parses or converts gives dates of pendulum, the rest those of the standard
library; all time zones are pendulum's. Airflow's default time zone is UTC here.

Source: `airflow.utils.timezone`, `airflow.utils.dates`.
"""

from __future__ import annotations

from datetime import datetime as _datetime
from datetime import timedelta, tzinfo
from typing import Any, cast, overload

import pendulum
from pendulum import DateTime

utc = pendulum.UTC


def utcnow() -> _datetime:
    """Give the present moment in UTC."""
    return _datetime.now(utc)


def utc_epoch() -> _datetime:
    """Give 1 January 1970."""
    return _datetime(1970, 1, 1, tzinfo=utc)


def datetime(*args: Any, **kwargs: Any) -> _datetime:
    """Make an aware date; in UTC unless `tzinfo` says otherwise."""
    return _datetime(*args, **{"tzinfo": utc, **kwargs})


def is_localized(value: _datetime) -> bool:
    """Tell whether a date has a time zone."""
    return value.utcoffset() is not None


def is_naive(value: _datetime) -> bool:
    """Tell whether a date has no time zone."""
    return not is_localized(value)


@overload
def make_aware(value: None, timezone: tzinfo | None = None) -> None: ...


@overload
def make_aware(value: _datetime, timezone: tzinfo | None = None) -> _datetime: ...


def make_aware(value: _datetime | None, timezone: tzinfo | None = None) -> _datetime | None:
    """Give a naive date a time zone; of a clock time that is there twice it is the second.

    Raises `ValueError` for an aware date.
    """
    if value is None:
        return None
    if is_localized(value):
        raise ValueError(f"make_aware expects a naive datetime, got {value}")
    zone = timezone or utc
    value = value.replace(fold=1)
    # `localize` is that of pytz, `convert` that of pendulum.
    place = getattr(zone, "localize", None) or getattr(zone, "convert", None)
    return cast(_datetime, place(value)) if place else value.replace(tzinfo=zone)


def make_naive(value: _datetime, timezone: tzinfo | None = None) -> _datetime:
    """Give the wall clock of a time zone. Raises `ValueError` for a naive date."""
    if is_naive(value):
        raise ValueError("make_naive() cannot be applied to a naive datetime")
    there = value.astimezone(timezone or utc)
    return _datetime(*there.timetuple()[:6], there.microsecond)


@overload
def convert_to_utc(value: None) -> None: ...


@overload
def convert_to_utc(value: _datetime) -> DateTime: ...


def convert_to_utc(value: _datetime | None) -> DateTime | None:
    """Give the moment in UTC; a naive date is taken as UTC."""
    if value is None:
        return None
    if is_naive(value):
        value = pendulum.instance(value, utc)
    return pendulum.instance(value.astimezone(utc))


@overload
def coerce_datetime(v: None, tz: tzinfo | None = None) -> None: ...


@overload
def coerce_datetime(v: _datetime, tz: tzinfo | None = None) -> DateTime: ...


def coerce_datetime(v: _datetime | None, tz: tzinfo | None = None) -> DateTime | None:
    """Give the date as one of pendulum; a naive one gets the time zone, or UTC."""
    if v is None:
        return None
    return pendulum.instance(v if v.tzinfo else make_aware(v, tz))


def parse(string: str, timezone: Any = None, *, strict: bool = False) -> DateTime:
    """Read a date; without an offset in the text, in the time zone, or UTC.

    What is not ISO 8601 is left to dateutil, unless `strict`. Raises `ValueError` for text that is
    no date.
    """
    return cast(DateTime, pendulum.parse(string, tz=timezone or utc, strict=strict))


def days_ago(
    n: int, hour: int = 0, minute: int = 0, second: int = 0, microsecond: int = 0
) -> _datetime:
    """Give midnight of `n` days ago in UTC, or a later time of that day."""
    today = utcnow().replace(hour=hour, minute=minute, second=second, microsecond=microsecond)
    return today - timedelta(days=n)
