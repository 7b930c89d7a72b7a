"""Schedules, their intervals and their dates."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from runtime.context import RunContext
from runtime.exceptions import ScheduleError
from runtime.launch import parse_logical_date, run_context
from runtime.schedule import DagSchedule

DAILY = DagSchedule(cron="0 2 * * *", start_date=datetime(2024, 1, 1, tzinfo=timezone.utc))
SIX_HOURLY = DagSchedule(
    every_seconds=6 * 3600, start_date=datetime(2024, 1, 1, 1, tzinfo=timezone.utc)
)
BY_HAND = DagSchedule()


def utc(text: str) -> datetime:
    """Read a date in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=timezone.utc)


NOW = utc("2024-01-05 13:00")


def test_interval_of_a_scheduled_run() -> None:
    assert DAILY.data_interval(utc("2024-01-02 02:00")) == (
        utc("2024-01-02 02:00"),
        utc("2024-01-03 02:00"),
    )
    assert SIX_HOURLY.data_interval(NOW) == (NOW, NOW + timedelta(hours=6))
    assert BY_HAND.data_interval(NOW) == (NOW, NOW)


def test_interval_of_a_manual_run() -> None:
    assert DAILY.manual_interval(NOW) == (utc("2024-01-04 02:00"), utc("2024-01-05 02:00"))
    assert BY_HAND.manual_interval(NOW) == (NOW, NOW)


def test_interval_in_the_night_of_the_clock_change() -> None:
    local = DagSchedule(cron="0 2 * * *", timezone="Europe/Brussels")
    assert local.data_interval(utc("2024-03-30 01:00")) == (
        utc("2024-03-30 01:00"),
        utc("2024-03-31 01:00"),
    )
    assert local.data_interval(utc("2024-03-31 01:00"))[1] == utc("2024-04-01 00:00")


@pytest.mark.parametrize(
    ("schedule", "now", "newest"),
    [
        (DAILY, "2024-01-05 13:00", "2024-01-04 02:00"),
        (DAILY, "2024-01-02 02:00", "2024-01-01 02:00"),
        (DAILY, "2024-01-02 01:59", None),
        (DAILY.model_copy(update={"end_date": utc("2024-01-03 00:00")}), "2024-02-01 00:00",
         "2024-01-02 02:00"),
        (SIX_HOURLY, "2024-01-05 13:00", "2024-01-05 06:00"),
        (SIX_HOURLY.model_copy(update={"catchup": True}), "2024-01-05 13:00", "2024-01-05 07:00"),
        (DagSchedule(cron="0 2 * * *"), "2024-01-05 13:00", "2024-01-04 02:00"),
        (DagSchedule(once=True, start_date=utc("2024-01-01 00:00")), "2024-01-05 13:00",
         "2024-01-01 00:00"),
        (DagSchedule(once=True, start_date=utc("2024-02-01 00:00")), "2024-01-05 13:00", None),
        (DagSchedule(once=True), "2024-01-05 13:00", None),
        (BY_HAND, "2024-01-05 13:00", None),
    ],
)  # fmt: skip
def test_newest_complete_interval(schedule: DagSchedule, now: str, newest: str | None) -> None:
    assert schedule.latest(utc(now)) == (utc(newest) if newest else None)


def test_start_date_without_offset_is_wall_clock() -> None:
    local = DagSchedule(
        cron="0 0 * * *", start_date=datetime(2024, 1, 2), timezone="Europe/Brussels"
    )
    dates = list(local.dates(utc("2024-01-01 00:00"), utc("2024-01-03 12:00")))
    assert dates == [utc("2024-01-01 23:00"), utc("2024-01-02 23:00")]


@pytest.mark.parametrize(
    ("schedule", "dates"),
    [
        (DAILY, ["2024-01-01 02:00", "2024-01-02 02:00", "2024-01-03 02:00"]),
        (DagSchedule(every_seconds=43200), ["2024-01-01 00:00", "2024-01-01 12:00"]),
        (DagSchedule(once=True, start_date=utc("2024-01-02 00:00")), ["2024-01-02 00:00"]),
        (DagSchedule(once=True, start_date=utc("2025-01-02 00:00")), []),
    ],
)
def test_dates_in_a_range(schedule: DagSchedule, dates: list[str]) -> None:
    end = "2024-01-03 02:00" if schedule is DAILY else "2024-01-01 13:00"
    end = "2024-01-02 00:00" if schedule.once else end
    found = list(schedule.dates(utc("2024-01-01 00:00"), utc(end)))
    assert found == [utc(date) for date in dates]


def test_dates_stay_within_start_and_end() -> None:
    bounded = DAILY.model_copy(update={"end_date": utc("2024-01-02 02:00")})
    found = list(bounded.dates(utc("2020-01-01 00:00"), utc("2030-01-01 00:00")))
    assert found == [utc("2024-01-01 02:00"), utc("2024-01-02 02:00")]


def test_dag_without_schedule_has_no_dates() -> None:
    with pytest.raises(ScheduleError, match="has no schedule"):
        list(BY_HAND.dates(NOW, NOW))


def test_date_without_time_zone() -> None:
    with pytest.raises(ScheduleError, match="has no time zone"):
        DAILY.data_interval(datetime(2024, 1, 1))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"cron": "every day"}, "is not a cron expression"),
        ({"every_seconds": 0}, "must be positive"),
        ({"timezone": "Mars/Base"}, "IANA"),
        ({"timezone": "../etc"}, "IANA"),
        ({"cron": "0 0 * * *", "once": True}, "has one of"),
        ({"presets": "daily"}, "Extra inputs"),
    ],
)
def test_wrong_schedules(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        DagSchedule(**fields)


def test_repr_shows_what_is_set() -> None:
    assert repr(DagSchedule(cron="0 2 * * *", catchup=True)) == (
        "DagSchedule(catchup=True, cron='0 2 * * *')"
    )


def test_context_of_a_scheduled_run() -> None:
    run = RunContext.for_schedule(
        DAILY, utc("2024-01-02 02:00"), dag_id="d", params={"a": 1, "b": 1}, conf={"b": 2}
    )
    assert run.run_id == "scheduled__2024-01-02T02:00:00+00:00"
    assert run.data_interval_end == utc("2024-01-03 02:00")
    assert run.prev_logical_date == utc("2024-01-01 02:00")
    assert run.next_logical_date == utc("2024-01-03 02:00")
    assert (run.params, run.conf) == ({"a": 1, "b": 2}, {"b": 2})


def test_context_of_a_manual_run() -> None:
    run = RunContext.for_schedule(DAILY, NOW, dag_id="d", run_type="manual")
    assert run.run_id == "manual__2024-01-05T13:00:00+00:00"
    assert run.data_interval_end == utc("2024-01-05 02:00")
    assert run.prev_logical_date == run.next_logical_date == NOW


@pytest.mark.parametrize(
    ("day", "warnings"),
    [
        ("2024-06-01T02:00:00+00:00", []),
        ("2024-06-01", ["2024-06-01T00:00:00+00:00 is not a date of the schedule of 'd'. "
                        "Its next one is 2024-06-01T02:00:00+00:00."]),
    ],
)  # fmt: skip
def test_date_that_the_schedule_does_not_have(
    emitted_project: object, caplog: pytest.LogCaptureFixture, day: str, warnings: list[str]
) -> None:
    # ZenML's own log level, once it is imported, is that of the session.
    caplog.set_level("WARNING", logger="runtime.launch")
    run_context("d", DAILY, logical_date=parse_logical_date(day))
    assert [record.getMessage() for record in caplog.records] == warnings


UTC = timezone.utc
TRIGGER = DagSchedule(
    cron=["0 2 * * *", "0 14 * * 1"],
    trigger=True,
    interval_seconds=3600,
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
)
EVENTS = DagSchedule(
    events=[datetime(2024, 3, 5, tzinfo=UTC), datetime(2024, 3, 1)], timezone="Europe/Brussels"
)


def test_a_trigger_fires_by_several_crons() -> None:
    monday = datetime(2024, 1, 8, tzinfo=UTC)

    dates = list(TRIGGER.dates(monday, monday + timedelta(days=1)))

    assert dates == [monday + timedelta(hours=1), monday + timedelta(hours=13)]
    assert TRIGGER.data_interval(dates[1]) == (dates[1], dates[1] + timedelta(hours=1))
    assert TRIGGER.neighbours(dates[0]) == (None, dates[1])
    assert TRIGGER.manual_interval(monday) == (monday - timedelta(hours=1), monday)
    assert TRIGGER.latest(monday) == datetime(2024, 1, 7, 1, tzinfo=UTC)
    assert TRIGGER.latest(datetime(2024, 1, 1, 1, tzinfo=UTC)) is None


def test_listed_dates() -> None:
    # A date without a zone is wall clock.
    first, second = datetime(2024, 2, 29, 23, tzinfo=UTC), datetime(2024, 3, 5, tzinfo=UTC)

    assert list(EVENTS.dates(first, second)) == [first, second]
    assert EVENTS.data_interval(first) == (first, first)
    assert (EVENTS.neighbours(first), EVENTS.neighbours(second)) == ((None, second), (None, None))
    assert EVENTS.latest(second - timedelta(1)) == first
    assert EVENTS.latest(first - timedelta(1)) is None
    assert EVENTS.manual_interval(second + timedelta(1))[0] == second + timedelta(1)
    strict = EVENTS.model_copy(update={"restrict_to_events": True})
    assert strict.manual_interval(second + timedelta(1)) == (second, second)
    assert strict.manual_interval(first - timedelta(1)) == (first, first)


@pytest.mark.parametrize(
    "fields",
    [
        {"cron": "0 2 * * *", "interval_seconds": 60},
        {"cron": ["0 2 * * *", "0 3 * * *"]},
        {"cron": [], "trigger": True},
        {"cron": ["0 2 * * *", "soon"], "trigger": True},
        {"cron": "0 2 * * *", "events": [datetime(2024, 1, 1)]},
    ],
)
def test_fields_that_do_not_go_together(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DagSchedule(**fields)
