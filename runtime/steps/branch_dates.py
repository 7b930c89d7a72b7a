"""Airflow's branches by date: LatestOnly, BranchDayOfWeek and BranchDateTime."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from zenml import step

from runtime.context import RunContext, current_run
from runtime.dagrun.outcome import direct_downstream

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@step(enable_cache=False)
def latest_only() -> list[str]:
    """Give the ids of all tasks directly after this one in the newest run of the schedule, else
    none; runs started by hand are always the newest. For `dag.branch(latest_only, …)`.

    Source: `LatestOnlyOperator`, airflow/operators/latest_only.py
    """
    return direct_downstream() if is_latest(current_run(), datetime.now(timezone.utc)) else []


def is_latest(run: RunContext, now: datetime) -> bool:
    """Whether no newer run of the schedule is due at `now`."""
    if run.run_type == "manual" or run.next_data_interval_end is None:
        return True
    return now <= run.next_data_interval_end


@step(enable_cache=False)
def branch_day_of_week(
    week_day: str | list[str],
    follow_task_ids_if_true: str | list[str],
    follow_task_ids_if_false: str | list[str],
    use_task_logical_date: bool = False,
    tz: str = "UTC",
) -> str | list[str]:
    """Give the ids to follow on certain days of the week, named in full (`"Monday"`).

    The day is that of now in the time zone `tz`, or of the logical date, which is in UTC.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/datetime.html
    """
    now = current_run().logical_date if use_task_logical_date else datetime.now(ZoneInfo(tz))
    days = {week_day} if isinstance(week_day, str) else set(week_day)
    matches = is_one_of(days, now.date())
    return follow_task_ids_if_true if matches else follow_task_ids_if_false


def is_one_of(days: set[str], day: date) -> bool:
    """Whether the day is one of those named. Raises ValueError for a name that is no day."""
    wanted = {name.lower() for name in days}
    unknown = sorted(wanted - set(_DAYS))
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: not a day of the week. Name days in full.")
    return _DAYS[day.weekday()] in wanted


@step(enable_cache=False)
def branch_date_time(
    follow_task_ids_if_true: str | list[str],
    follow_task_ids_if_false: str | list[str],
    target_lower: str | None = None,
    target_upper: str | None = None,
    use_task_logical_date: bool = False,
    tz: str = "UTC",
) -> str | list[str]:
    """Give the ids to follow between two moments, bounds included.

    `target_lower` and `target_upper` are ISO texts: a moment (`"2024-01-01T08:00:00"`), or a time
    of each day (`"08:00:00"`); `tz` is the time zone of those without an offset. Compared is now,
    or the logical date.

    Source: https://airflow.apache.org/docs/apache-airflow-providers-standard/stable/operators/datetime.html
    """
    now = current_run().logical_date if use_task_logical_date else datetime.now(timezone.utc)
    within = is_between(now, target_lower, target_upper, ZoneInfo(tz))
    return follow_task_ids_if_true if within else follow_task_ids_if_false


def is_between(now: datetime, lower: str | None, upper: str | None, zone: ZoneInfo) -> bool:
    """Whether `now` lies between the bounds; times of day are those of its day in UTC.

    An upper time of day before the lower one is that of the next day.
    """
    day = now.astimezone(timezone.utc).date()
    first, last = (_moment(text, day, zone) for text in (lower, upper))
    of_day = any(text is not None and _is_time(text) for text in (lower, upper))
    if first is not None and last is not None and of_day and last < first:
        last += timedelta(days=1)
    return (last is None or now <= last) and (first is None or now >= first)


def _moment(text: str | None, day: date, zone: ZoneInfo) -> datetime | None:
    if text is None:
        return None
    of_day = _is_time(text)
    moment = (
        datetime.combine(day, time.fromisoformat(text)) if of_day else datetime.fromisoformat(text)
    )
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _is_time(text: str) -> bool:
    return ":" in text[:3]
