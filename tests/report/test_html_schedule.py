"""Schedules in words, and the dates on both sides."""

from __future__ import annotations

from typing import Any

import pytest

from transpiler.model.pipeline import ScheduleModel
from transpiler.report.page.schedule import duration, schedule_view

START = "2024-03-30T00:00:00+00:00"


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ({"cron": "0 2 * * *"}, "At 02:00, UTC"),
        ({"cron": "30 6 * * 1-5", "timezone": "Europe/Brussels"},
         "At 06:30, Monday through Friday, Europe/Brussels time"),
        ({"cron": ("0 1 * * *", "0 13 * * *"), "trigger": True}, "At 01:00; and at 13:00, UTC"),
        ({"every_seconds": 21600}, "Every 6 hours"),
        ({"every_seconds": 86400}, "Every day"),
        ({"once": True}, "Once, at its start date"),
        ({"events": ("2024-01-01T00:00:00+00:00",)}, "At 1 listed dates"),
        ({}, "Started by hand"),
    ],
)  # fmt: skip
def test_words(schedule: dict[str, Any], words: str) -> None:
    assert schedule_view(ScheduleModel(**schedule), None).words == words


def test_what_has_no_equivalent_says_so() -> None:
    assert schedule_view(ScheduleModel(), "MyTimetable()").words == (
        "Started by hand; MyTimetable() has no equivalent"
    )


def test_durations() -> None:
    assert [duration(n) for n in (1, 60, 90, 3600, 1209600, 0.5)] == [
        "second",
        "minute",
        "90 seconds",
        "hour",
        "2 weeks",
        "0.5 seconds",
    ]


def test_the_first_dates_on_both_sides() -> None:
    view = schedule_view(ScheduleModel(cron="0 2 * * *", start_date=START), "0 2 * * *")
    assert view.native
    assert view.zenml == "ZenML's scheduler, by the cron expression, in UTC"
    assert [(run.logical, run.airflow, run.zenml) for run in view.runs[:2]] == [
        ("2024-03-30T02:00Z", "2024-03-31T02:00Z", "2024-03-31T02:00Z"),
        ("2024-03-31T02:00Z", "2024-04-01T02:00Z", "2024-04-01T02:00Z"),
    ]
    assert len(view.runs) == 5
    assert view.fires is not None
    assert view.fires["cron"] == [[0], [2], ["*"], ["*"], ["*"]]


def test_a_time_zone_follows_its_clock() -> None:
    view = schedule_view(
        ScheduleModel(cron="0 2 * * *", start_date=START, timezone="Europe/Brussels"), "0 2 * * *"
    )
    assert not view.native
    assert "`dag2zen listen`" in view.zenml
    # In the night of the 31st the clock goes from two to three.
    assert [run.logical for run in view.runs[:3]] == [
        "2024-03-30T01:00Z",
        "2024-03-31T01:00Z",
        "2024-04-01T00:00Z",
    ]


def test_intervals_have_dates_too() -> None:
    view = schedule_view(ScheduleModel(every_seconds=3600, start_date=START), "3600")
    assert view.native
    assert [run.zenml for run in view.runs[:2]] == ["2024-03-30T01:00Z", "2024-03-30T02:00Z"]


@pytest.mark.parametrize(
    "schedule",
    [
        {"cron": "0 12 * * 5#2"},
        {"cron": "0 12 L * *"},
        {"cron": "0 * * * *", "timezone": "Europe/Brussels"},
        {"cron": "*/5 * * * * 0"},
    ],
)
def test_what_the_page_cannot_count_stays_as_written(schedule: dict[str, Any]) -> None:
    view = schedule_view(ScheduleModel(**schedule, start_date=START), "x")
    assert view.fires is None
    assert len(view.runs) == 5


def test_cron_that_never_fires() -> None:
    assert schedule_view(ScheduleModel(cron="0 0 30 2 *"), "x").runs == ()
