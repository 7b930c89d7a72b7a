"""Airflow's small helpers, by the answers that Airflow 2.10.5 gives."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pendulum
import pytest

from runtime import airflow_helpers, airflow_times
from runtime.airflow_names import LoggingMixin
from runtime.airflow_states import DagRunState, State, TaskInstanceState, TriggerRule, WeekDay

NAIVE = datetime(2024, 3, 31, 12)
TWICE = datetime(2024, 10, 27, 2, 30)
BRUSSELS = pendulum.timezone("Europe/Brussels")
AWARE = datetime(2024, 3, 31, 12, tzinfo=ZoneInfo("Europe/Brussels"))


def shown(moment: datetime | None) -> tuple[str, str, str]:
    """The class, the text and the zone of a date."""
    assert moment is not None
    return type(moment).__name__, str(moment), str(moment.tzinfo)


TIMES = {
    "make_aware": (
        airflow_times.make_aware(NAIVE, BRUSSELS),
        ("datetime", "2024-03-31 12:00:00+02:00", "Europe/Brussels"),
    ),
    "make_aware, in UTC": (
        airflow_times.make_aware(NAIVE),
        ("datetime", "2024-03-31 12:00:00+00:00", "UTC"),
    ),
    "make_aware, by the standard library": (
        airflow_times.make_aware(NAIVE, ZoneInfo("Europe/Brussels")),
        ("datetime", "2024-03-31 12:00:00+02:00", "Europe/Brussels"),
    ),
    "make_aware, there twice": (
        airflow_times.make_aware(TWICE, BRUSSELS),
        ("datetime", "2024-10-27 02:30:00+01:00", "Europe/Brussels"),
    ),
    "make_aware, never there": (
        airflow_times.make_aware(datetime(2024, 3, 31, 2, 30), BRUSSELS),
        ("datetime", "2024-03-31 03:30:00+02:00", "Europe/Brussels"),
    ),
    "make_aware, of pendulum": (
        airflow_times.make_aware(pendulum.naive(2024, 3, 31, 12)),
        ("DateTime", "2024-03-31 12:00:00+00:00", "UTC"),
    ),
    "make_naive": (
        airflow_times.make_naive(AWARE),
        ("datetime", "2024-03-31 10:00:00", "None"),
    ),
    "make_naive, elsewhere": (
        airflow_times.make_naive(pendulum.instance(AWARE), pendulum.timezone("Asia/Tokyo")),
        ("datetime", "2024-03-31 19:00:00", "None"),
    ),
    "convert_to_utc": (
        airflow_times.convert_to_utc(AWARE),
        ("DateTime", "2024-03-31 10:00:00+00:00", "UTC"),
    ),
    "convert_to_utc, naive": (
        airflow_times.convert_to_utc(TWICE),
        ("DateTime", "2024-10-27 02:30:00+00:00", "UTC"),
    ),
    "coerce_datetime": (
        airflow_times.coerce_datetime(AWARE),
        ("DateTime", "2024-03-31 12:00:00+02:00", "Europe/Brussels"),
    ),
    "coerce_datetime, naive": (
        airflow_times.coerce_datetime(NAIVE),
        ("DateTime", "2024-03-31 12:00:00+00:00", "UTC"),
    ),
    "coerce_datetime, naive, elsewhere": (
        airflow_times.coerce_datetime(NAIVE, BRUSSELS),
        ("DateTime", "2024-03-31 12:00:00+02:00", "Europe/Brussels"),
    ),
    "parse": (
        airflow_times.parse("2024-01-02T03:04:05+02:00"),
        ("DateTime", "2024-01-02 03:04:05+02:00", 'FixedTimezone(7200, name="+02:00")'),
    ),
    "parse, elsewhere": (
        airflow_times.parse("2024-01-02", "Europe/Brussels"),
        ("DateTime", "2024-01-02 00:00:00+01:00", "Europe/Brussels"),
    ),
    "parse, a week": (
        airflow_times.parse("2024-W05"),
        ("DateTime", "2024-01-29 00:00:00+00:00", "UTC"),
    ),
    "parse, English": (
        airflow_times.parse("3 May 2024 5pm"),
        ("DateTime", "2024-05-03 17:00:00+00:00", "UTC"),
    ),
    "datetime": (
        airflow_times.datetime(2024, 1, 2),
        ("datetime", "2024-01-02 00:00:00+00:00", "UTC"),
    ),
    "datetime, elsewhere": (
        airflow_times.datetime(2024, 1, 2, tzinfo=BRUSSELS),
        ("datetime", "2024-01-02 00:00:00+01:00", "Europe/Brussels"),
    ),
    "utc_epoch": (
        airflow_times.utc_epoch(),
        ("datetime", "1970-01-01 00:00:00+00:00", "UTC"),
    ),
}


@pytest.mark.parametrize(("moment", "expected"), TIMES.values(), ids=TIMES)
def test_times(moment: datetime, expected: tuple[str, str, str]) -> None:
    assert shown(moment) == expected


def test_naive_and_localized() -> None:
    assert airflow_times.is_localized(AWARE)
    assert airflow_times.is_naive(NAIVE)
    functions: list[Callable[[None], Any]] = [
        airflow_times.make_aware,
        airflow_times.convert_to_utc,
        airflow_times.coerce_datetime,
    ]
    assert [function(None) for function in functions] == [None, None, None]


def test_times_that_do_not_fit() -> None:
    with pytest.raises(ValueError, match="expects a naive datetime"):
        airflow_times.make_aware(AWARE)
    with pytest.raises(ValueError, match="cannot be applied to a naive datetime"):
        airflow_times.make_naive(NAIVE)
    with pytest.raises(ValueError, match="Unable to parse"):
        airflow_times.parse("3 May 2024", strict=True)


def test_the_present() -> None:
    now = datetime.now(timezone.utc)
    assert abs(airflow_times.utcnow() - now) < timedelta(hours=1)
    ago = airflow_times.days_ago(2, hour=3)
    assert type(airflow_times.utcnow()) is type(ago) is datetime
    assert (ago.hour, ago.minute, ago.second, ago.microsecond) == (3, 0, 0, 0)
    assert timedelta(days=1) <= now - ago.replace(hour=0) <= timedelta(days=4)


def test_states() -> None:
    assert [State.SUCCESS, str(State.UP_FOR_RETRY), State.NONE] == [
        "success",
        "up_for_retry",
        None,
    ]
    assert TaskInstanceState("skipped") is TaskInstanceState.SKIPPED
    assert f"{DagRunState.FAILED}" == "failed"
    assert "failed" in State.failed_states
    assert str(TriggerRule.ALL_DONE) == "all_done"
    assert WeekDay(datetime(2024, 1, 1).isoweekday()) is WeekDay.MONDAY


def test_lists_and_dicts() -> None:
    assert list(airflow_helpers.chunks([1, 2, 3], 2)) == [[1, 2], [3]]
    merged = airflow_helpers.merge_dicts({"a": {"b": 1, "c": 2}, "d": 3}, {"a": {"b": 5}, "d": 4})
    assert merged == {"a": {"b": 5, "c": 2}, "d": 4}
    values: dict[str, Any] = {
        "a": None,
        "b": [None, 0, {}],
        "c": {"d": None, "e": ""},
        "f": {"g": {}},
    }
    assert airflow_helpers.prune_dict(values) == {
        "b": [0, {}],
        "c": {"e": ""},
        "f": {"g": {}},
    }
    assert airflow_helpers.prune_dict(values, "truthy") == {}
    assert airflow_helpers.prune_dict([1, [None], 0], "truthy") == [1]
    assert airflow_helpers.prune_dict("x") == "x"
    assert airflow_helpers.exactly_one(0, 1, "")
    assert not airflow_helpers.exactly_one(1, 2)
    assert airflow_helpers.at_most_one(0, "")


@pytest.mark.parametrize(
    "call",
    [
        lambda: list(airflow_helpers.chunks([1], 0)),
        lambda: airflow_helpers.prune_dict({}, "other"),
        lambda: airflow_helpers.exactly_one([1]),
    ],
)
def test_arguments_that_are_refused(call: Any) -> None:
    with pytest.raises(ValueError, match=r".+"):
        call()


def test_logger(caplog: pytest.LogCaptureFixture) -> None:
    class Mine(LoggingMixin):
        pass

    with caplog.at_level(logging.INFO):
        Mine().log.info("told")
    assert "told" in caplog.text
