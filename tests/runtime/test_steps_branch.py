"""Branches by date and by query: what is decided, without a run."""

from __future__ import annotations

from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from runtime.context import RunContext
from runtime.dagrun.outcome import direct_downstream
from runtime.exceptions import ContextError
from runtime.schedule import DagSchedule
from runtime.steps.branch_dates import is_between, is_latest, is_one_of
from runtime.steps.branch_query import is_true

UTC = timezone.utc
DAY = datetime(2024, 3, 4, tzinfo=UTC)
SCHEDULE = DagSchedule(cron="0 0 * * *", start_date=datetime(2024, 1, 1, tzinfo=UTC))


def test_a_run_is_the_latest_until_the_next_is_due() -> None:
    run = RunContext.for_schedule(SCHEDULE, DAY, dag_id="d")
    assert is_latest(run, datetime(2024, 3, 5, 0, 1, tzinfo=UTC))
    assert is_latest(run, datetime(2024, 3, 6, tzinfo=UTC))
    assert not is_latest(run, datetime(2024, 3, 6, 0, 0, 1, tzinfo=UTC))


def test_a_manual_run_is_always_the_latest() -> None:
    run = RunContext.for_schedule(SCHEDULE, DAY, dag_id="d", run_type="manual")
    assert run.next_data_interval_end is None
    assert is_latest(run, datetime(2030, 1, 1, tzinfo=UTC))


def test_a_run_without_a_period_is_the_latest() -> None:
    once = DagSchedule(once=True, start_date=DAY)
    run = RunContext.for_schedule(once, DAY, dag_id="d", run_type="scheduled")
    assert is_latest(run, datetime(2030, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("days", "expected"),
    [({"Monday"}, True), ({"MONDAY", "friday"}, True), ({"Sunday"}, False), (set(), False)],
)
def test_days_of_the_week(days: set[str], expected: bool) -> None:
    assert is_one_of(days, date(2024, 3, 4)) is expected


def test_a_name_that_is_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="mon: not a day of the week"):
        is_one_of({"Mon"}, date(2024, 3, 4))


def test_only_the_scheduler_knows_what_is_downstream() -> None:
    with pytest.raises(ContextError, match="No scheduler started this step"):
        direct_downstream()


NOON = datetime(2024, 3, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("lower", "upper", "expected"),
    [
        ("10:00:00", "14:00:00", True),
        ("12:00:00", "12:00:00", True),  # both bounds belong to it
        ("12:00:01", "14:00:00", False),
        ("10:00:00", "11:59:59", False),
        ("10:00:00", "02:00:00", True),  # until the next night
        ("13:00:00", "02:00:00", False),
        ("10:00:00", None, True),
        (None, "11:00:00", False),
        ("2024-03-04T11:00:00", "2024-03-04T13:00:00", True),
        ("2024-03-05T11:00:00", "2024-03-04T13:00:00", False),
        ("2024-03-04T13:30:00+02:00", None, True),
        ("13:30:00+02:00", None, True),
    ],
)
def test_between_two_moments(lower: str | None, upper: str | None, expected: bool) -> None:
    assert is_between(NOON, lower, upper, ZoneInfo("UTC")) is expected


def test_bounds_without_an_offset_are_in_the_zone_of_the_dag() -> None:
    brussels = ZoneInfo("Europe/Brussels")
    assert is_between(NOON, "13:00:00", "13:00:00", brussels)
    assert not is_between(NOON, "12:00:00", "12:30:00", brussels)


@pytest.mark.parametrize("value", [True, 1, 7, -1, "true", "YES", "on", "t", "1", "y"])
def test_values_that_are_true(value: object) -> None:
    assert is_true(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [False, 0, "false", "No", "off", "f", "0", "n"])
def test_values_that_are_false(value: object) -> None:
    assert not is_true(value)  # type: ignore[arg-type]


@pytest.mark.parametrize("value", [None, 1.5, "maybe", []])
def test_values_that_are_neither_are_refused(value: object) -> None:
    with pytest.raises(ValueError, match="neither true nor false"):
        is_true(value)  # type: ignore[arg-type]
