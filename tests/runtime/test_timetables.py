"""Fire times across changes of the clock.

The numbers are what Airflow 2.10's own timetable classes give for the same input.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from runtime.timetables import CronTimetable, DeltaTimetable


def utc(text: str) -> datetime:
    """Read a date in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


# cron, zone, moment, the fire times after it (all in UTC)
FIRES = [
    ("0 2 * * *", "UTC", "2024-01-02 02:00", ["2024-01-03 02:00", "2024-01-04 02:00"]),
    # Spring: 2:30 does not exist on 31 March, the run comes an hour later by the clock.
    (
        "30 2 * * *",
        "Europe/Brussels",
        "2024-03-29 12:00",
        ["2024-03-30 01:30", "2024-03-31 01:30", "2024-04-01 00:30"],
    ),
    # Autumn: 2:30 comes twice on 27 October, the second one counts.
    (
        "30 2 * * *",
        "Europe/Brussels",
        "2024-10-25 12:00",
        ["2024-10-26 00:30", "2024-10-27 01:30", "2024-10-28 01:30"],
    ),
    # Every hour means every hour, also in the doubled one.
    (
        "30 * * * *",
        "Europe/Brussels",
        "2024-10-26 23:00",
        ["2024-10-26 23:30", "2024-10-27 00:30", "2024-10-27 01:30", "2024-10-27 02:30"],
    ),
    ("0 3 * * 1-5", "America/New_York", "2024-03-09 12:00", ["2024-03-11 07:00"]),
    ("0 0 1 * *", "Australia/Lord_Howe", "2024-04-02 00:00", ["2024-04-30 13:30"]),
]


@pytest.mark.parametrize(("cron", "zone", "moment", "fires"), FIRES)
def test_next(cron: str, zone: str, moment: str, fires: list[str]) -> None:
    timetable, date = CronTimetable(cron, ZoneInfo(zone)), utc(moment)
    found = []
    for _ in fires:
        date = timetable.next(date)
        found.append(f"{date:%Y-%m-%d %H:%M}")
    assert found == fires


def test_previous_goes_back_over_the_same_times() -> None:
    timetable = CronTimetable("0 2 * * *", ZoneInfo("Europe/Brussels"))
    assert timetable.previous(utc("2024-04-01 00:00")) == utc("2024-03-31 01:00")
    # As in Airflow: the time that spring left out is found again from the hour after it.
    assert timetable.previous(utc("2024-03-31 01:00")) == utc("2024-03-31 01:00")
    hourly = CronTimetable("0 * * * *", ZoneInfo("Europe/Brussels"))
    assert hourly.previous(utc("2024-10-27 01:00")) == utc("2024-10-27 00:00")


def test_alignment() -> None:
    timetable = CronTimetable("0 2 * * *", ZoneInfo("UTC"))
    on_time, off_time = utc("2024-01-02 02:00"), utc("2024-01-02 02:01")
    assert timetable.align_to_next(on_time) == on_time
    assert timetable.align_to_next(off_time) == utc("2024-01-03 02:00")
    assert timetable.align_to_previous(on_time) == on_time
    assert timetable.align_to_previous(off_time) == on_time


def test_newest_complete_interval_of_cron() -> None:
    timetable = CronTimetable("0 2 * * *", ZoneInfo("UTC"))
    assert timetable.newest(utc("2024-01-05 01:59"), None) == utc("2024-01-03 02:00")
    assert timetable.newest(utc("2024-01-05 02:00"), None) == utc("2024-01-04 02:00")


def test_newest_interval_is_complete_on_the_day_of_the_clock_change() -> None:
    timetable = CronTimetable("0 2 * * *", ZoneInfo("Europe/Brussels"))
    assert timetable.newest(utc("2024-03-31 12:00"), None) == utc("2024-03-30 01:00")
    assert timetable.newest(utc("2024-04-01 00:00"), None) == utc("2024-03-31 01:00")
    assert timetable.newest(utc("2024-10-27 12:00"), None) == utc("2024-10-26 00:00")


def test_delta_counts_from_1970_or_from_its_anchor() -> None:
    timetable = DeltaTimetable(timedelta(hours=6))
    now = utc("2024-01-05 13:00")
    assert timetable.newest(now, None) == utc("2024-01-05 06:00")
    assert timetable.newest(now, utc("2024-01-01 01:00")) == utc("2024-01-05 07:00")
    assert timetable.manual_interval(now) == (utc("2024-01-05 07:00"), now)
    assert timetable.previous(timetable.next(now)) == now
    assert timetable.align_to_next(now) == timetable.align_to_previous(now) == now
