"""The date type of templates; expected values are pendulum 3's."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from runtime.templates.dates import DateTime, Interval
from runtime.templates.humanize import describe_difference

MOMENT = DateTime(2024, 1, 31, 14, 5, 9, 123456, tzinfo=timezone.utc)
BRUSSELS = DateTime.of(datetime(2024, 3, 30, 12, tzinfo=timezone.utc)).in_tz("Europe/Brussels")

FORMATS = {
    "YYYY-MM-DD HH:mm:ss.SSSSSS": "2024-01-31 14:05:09.123456",
    "YY M D H h:m:s A a": "24 1 31 14 2:5:9 PM pm",
    "dddd, ddd dd d do E": "Wednesday, Wed We 3 3rd 3",
    "MMMM MMM Mo Do DDDo": "January Jan 1st 31st 31st",
    "DDDD DDD Q Qo WW W Wo Y": "031 31 1 1st 05 5 5th 2024",
    "hh S SS SSS SSSS SSSSS": "02 1 12 123 1234 12345",
    "X x": "1706709909 1706709909123",
    "Z ZZ z zz": "+00:00 +0000 UTC UTC",
    "[at] YYYY \\Y [YYYY]": "at 2024 Y YYYY",
    "LTS|LT|L": "2:05:09 PM|2:05 PM|01/31/2024",
    "LL|LLLL": "January 31, 2024|Wednesday, January 31, 2024 2:05 PM",
}


@pytest.mark.parametrize(("tokens", "text"), FORMATS.items(), ids=FORMATS)
def test_format(tokens: str, text: str) -> None:
    assert MOMENT.format(tokens) == text


def test_ordinals_and_offsets() -> None:
    days = [MOMENT.set(day=day).format("Do") for day in (1, 2, 3, 4, 11, 12, 13, 21, 22, 23)]
    assert days == "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 23rd".split()
    assert BRUSSELS.format("Z z zz") == "+01:00 Europe/Brussels CET"
    west = MOMENT.in_timezone("America/St_Johns")
    assert west.format("Z ZZ") == "-03:30 -0330"


def test_only_english() -> None:
    with pytest.raises(ValueError, match="English only"):
        MOMENT.format("MMMM", locale="nl")
    assert MOMENT.format("MMM", locale="en") == "Jan"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (str(MOMENT), "2024-01-31 14:05:09.123456+00:00"),
        (MOMENT.to_date_string(), "2024-01-31"),
        (MOMENT.to_time_string(), "14:05:09"),
        (MOMENT.to_datetime_string(), "2024-01-31 14:05:09"),
        (MOMENT.to_day_datetime_string(), "Wed, Jan 31, 2024 2:05 PM"),
        (MOMENT.to_iso8601_string(), "2024-01-31T14:05:09.123456Z"),
        (MOMENT.to_rfc3339_string(), "2024-01-31T14:05:09.123456+00:00"),
        (MOMENT.to_atom_string(), "2024-01-31T14:05:09+00:00"),
    ],
)
def test_texts(text: str, expected: str) -> None:
    assert text == expected


@pytest.mark.parametrize(
    ("moved", "expected"),
    [
        (MOMENT.add(months=1), "2024-02-29"),
        (MOMENT.subtract(years=1, days=1), "2023-01-30"),
        (MOMENT.add(weeks=1), "2024-02-07"),
        (MOMENT + timedelta(days=1), "2024-02-01"),
        (timedelta(days=1) + MOMENT, "2024-02-01"),
        (MOMENT - timedelta(days=31), "2023-12-31"),
        (MOMENT - relativedelta(months=2), "2023-11-30"),
        (MOMENT.start_of("month"), "2024-01-01"),
        (MOMENT.start_of("week"), "2024-01-29"),
        (MOMENT.end_of("week"), "2024-02-04"),
        (MOMENT.end_of("year"), "2024-12-31"),
    ],
)
def test_arithmetic(moved: DateTime, expected: str) -> None:
    assert isinstance(moved, DateTime)
    assert moved.to_date_string() == expected


def test_calendar_units_keep_the_clock_and_elapsed_time_does_not() -> None:
    assert BRUSSELS.add(days=1).isoformat() == "2024-03-31T13:00:00+02:00"
    assert BRUSSELS.add(hours=24).isoformat() == "2024-03-31T14:00:00+02:00"
    assert (BRUSSELS + timedelta(days=1)).isoformat() == "2024-03-31T14:00:00+02:00"


def test_units_that_do_not_exist() -> None:
    with pytest.raises(ValueError, match="Invalid unit 'eon'"):
        MOMENT.start_of("eon")
    with pytest.raises(TypeError):
        MOMENT + 1
    with pytest.raises(TypeError):
        MOMENT - 1


def test_differences() -> None:
    interval = MOMENT - MOMENT.subtract(days=15, hours=6)
    assert isinstance(interval, Interval)
    assert (interval.in_weeks(), interval.in_days(), interval.in_hours()) == (2, 15, 366)
    assert (interval.in_minutes(), interval.in_seconds()) == (21960, 1317600)
    assert interval.total_days() == 15.25
    earlier = MOMENT.subtract(days=2)
    assert MOMENT.diff(earlier).in_days() == 2
    assert MOMENT.diff(earlier, abs=False).in_days() == -2
    assert earlier.diff(MOMENT).in_days() == 2
    assert MOMENT.diff().in_days() > 365


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (5, "a few seconds"),
        (30, "30 seconds"),
        (90, "1 minute"),
        (7200, "2 hours"),
        (86400 + 22 * 3600, "2 days"),
        (86400 * 9, "1 week"),
        (86400 * 11, "2 weeks"),
        (86400 * 40, "1 month"),
        (86400 * 59, "2 months"),
        (86400 * 350, "11 months"),
        (86400 * 356, "1 year"),
        (86400 * 365 * 3, "3 years"),
    ],
)
def test_words(seconds: int, words: str) -> None:
    later = MOMENT + timedelta(seconds=seconds)
    assert later.diff_for_humans(MOMENT) == f"{words} after"
    assert MOMENT.diff_for_humans(later) == f"{words} before"
    assert MOMENT.diff_for_humans(later, absolute=True) == words


def test_words_from_now() -> None:
    now = datetime.now(timezone.utc)
    assert describe_difference(now - timedelta(hours=3)) == "3 hours ago"
    assert describe_difference(now + timedelta(hours=3, minutes=1)) == "in 3 hours"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("int_timestamp", 1706709909),
        ("float_timestamp", 1706709909.123456),
        ("timezone_name", "UTC"),
        ("day_of_week", 2),
        ("day_of_year", 31),
        ("week_of_year", 5),
        ("days_in_month", 31),
        ("quarter", 1),
    ],
)
def test_properties(name: str, value: Any) -> None:
    assert getattr(MOMENT, name) == value


def test_zones() -> None:
    assert MOMENT.set(tz="Europe/Brussels").isoformat() == "2024-01-31T14:05:09.123456+01:00"
    assert MOMENT.naive() == datetime(2024, 1, 31, 14, 5, 9, 123456)
    assert DateTime.of(datetime(2024, 1, 1)).tzinfo is timezone.utc
