"""Airflow's DateTimeSensor, TimeSensor, TimeDeltaSensor and DayOfWeekSensor as steps."""

from __future__ import annotations

from datetime import datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from zenml import step

from runtime.airflow_times import parse
from runtime.context import current_run, task_id
from runtime.dagrun.outcome import airflow_task
from runtime.polling import WEEK_SECONDS, Polling, poll
from runtime.templates import render

_WEEK_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@step(enable_cache=False)
@airflow_task(typed=True)
def wait_until(
    moment: str,
    poke_interval_seconds: float = 60,
    timeout_seconds: float = WEEK_SECONDS,
    soft_fail: bool = False,
    polling: Polling | None = None,
) -> None:
    """Wait until a moment is over: ISO text, a template; without an offset it is UTC.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/datetime.html
    """
    target = parse(render(moment, current_run(), task_id()))
    poll(
        lambda: datetime.now(timezone.utc) > target,
        poke_interval_seconds=poke_interval_seconds,
        timeout_seconds=timeout_seconds,
        soft_fail=soft_fail,
        polling=polling,
    )


@step(enable_cache=False)
@airflow_task(typed=True)
def wait_until_time(
    time_of_day: str,
    timezone_name: str = "UTC",
    poke_interval_seconds: float = 60,
    timeout_seconds: float = WEEK_SECONDS,
    soft_fail: bool = False,
    polling: Polling | None = None,
) -> None:
    """Wait until it is later than `time_of_day` (`HH:MM:SS`) on the clock of a time zone.

    Only the time of day counts: late in the evening every earlier time is over.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/datetime.html
    """
    target, zone = time.fromisoformat(time_of_day), ZoneInfo(timezone_name)
    poll(
        lambda: datetime.now(zone).time() > target,
        poke_interval_seconds=poke_interval_seconds,
        timeout_seconds=timeout_seconds,
        soft_fail=soft_fail,
        polling=polling,
    )


@step(enable_cache=False)
@airflow_task(typed=True)
def wait_after_interval(
    seconds: float,
    poke_interval_seconds: float = 60,
    timeout_seconds: float = WEEK_SECONDS,
    soft_fail: bool = False,
    polling: Polling | None = None,
) -> None:
    """Wait until so many seconds have passed since the end of the run's data interval.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/sensors/datetime.html
    """
    target = current_run().data_interval_end + timedelta(seconds=seconds)
    poll(
        lambda: datetime.now(timezone.utc) > target,
        poke_interval_seconds=poke_interval_seconds,
        timeout_seconds=timeout_seconds,
        soft_fail=soft_fail,
        polling=polling,
    )


@step(enable_cache=False)
@airflow_task(typed=True)
def wait_for_weekday(
    days: str | list[str],
    use_logical_date: bool = False,
    poke_interval_seconds: float = 60,
    timeout_seconds: float = WEEK_SECONDS,
    soft_fail: bool = False,
    polling: Polling | None = None,
) -> None:
    """Wait for one of some days of the week, by their English names, in UTC.

    With `use_logical_date` it is the day of the run's logical date that counts, not today.

    Source: `DayOfWeekSensor` in airflow/sensors/weekday.py.
    """
    numbers = {_day_number(day) for day in ([days] if isinstance(days, str) else days)}
    logical_date = current_run().logical_date.astimezone(timezone.utc)

    def is_day() -> bool:
        date = logical_date if use_logical_date else datetime.now(timezone.utc)
        return date.weekday() in numbers

    poll(
        is_day,
        poke_interval_seconds=poke_interval_seconds,
        timeout_seconds=timeout_seconds,
        soft_fail=soft_fail,
        polling=polling,
    )


def _day_number(name: str) -> int:
    if name.lower() not in _WEEK_DAYS:
        raise ValueError(f"{name!r} is not a day of the week. Write its full English name.")
    return _WEEK_DAYS.index(name.lower())
