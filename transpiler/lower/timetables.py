"""Airflow's timetable classes: which of them a cron expression or an interval can stand for.

Classes: airflow/timetables/*.py (2.x) and airflow.sdk.definitions.timetables (3.x). They are told
by their class name, as their module moved between versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from dateutil.relativedelta import relativedelta

from transpiler.lower.dates import zone_name
from transpiler.model.values import Call, Value, is_known


@dataclass(frozen=True, slots=True)
class Timetable:
    """What a timetable call says: a plain schedule value, several crons or listed dates, its time
    zone, and the assets that start the DAG besides. A `trigger` fires by itself, with an interval before it.
    """

    schedule: Value = None
    timezone: str | None = None
    assets: Value = None
    trigger: bool = False
    interval_seconds: float = 0
    crons: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    restrict_to_events: bool = False


_PARAMETERS: Mapping[str, str] = {
    "CronDataIntervalTimetable": "cron",
    "DeltaDataIntervalTimetable": "delta",
    "CronTriggerTimetable": "cron",
    "DeltaTriggerTimetable": "delta",
}
_NAMED: Mapping[str, str | None] = {
    "NullTimetable": None,
    "OnceTimetable": "@once",
    "ContinuousTimetable": "@continuous",
}
_WITH_ASSETS = {"DatasetOrTimeSchedule": "datasets", "AssetOrTimeSchedule": "assets"}
_FIXED_PARTS = ("days", "hours", "minutes", "seconds", "microseconds")


def read_timetable(call: Call) -> Timetable | None:
    """Read a call of one of Airflow's timetables; None for any other class or for unknown
    arguments.
    """
    name = call.func.rpartition(".")[2]
    if not call.func.startswith("airflow."):
        return None
    if name in _NAMED:
        return Timetable(_NAMED[name])
    if name in _WITH_ASSETS:
        return _with_assets(call, name)
    if not is_known([*call.args, *call.kwargs.values()]):
        return None
    if name == "EventsTimetable":
        return _events(call)
    if name == "MultipleCronTriggerTimetable":
        return _crons(call)
    parameter = _PARAMETERS.get(name)
    if parameter is None:
        return None
    value, zone = _argument(call, 0, parameter), _argument(call, 1, "timezone")
    if "Trigger" not in name:
        return Timetable(value, _zone(zone))
    interval = _seconds(call.kwargs.get("interval"))
    if interval is None:
        return None
    return Timetable(value, _zone(zone), trigger=True, interval_seconds=interval)


def _crons(call: Call) -> Timetable | None:
    interval = _seconds(call.kwargs.get("interval"))
    if interval is None or not call.args or not all(isinstance(cron, str) for cron in call.args):
        return None
    return Timetable(
        timezone=_zone(call.kwargs.get("timezone")),
        trigger=True,
        interval_seconds=interval,
        crons=tuple(call.args),
    )


def _events(call: Call) -> Timetable | None:
    dates = _argument(call, 0, "event_dates")
    restrict = _argument(call, 1, "restrict_to_events")
    several = isinstance(dates, (list, tuple, set)) and bool(dates)
    if not several or not all(isinstance(date, datetime) for date in dates):
        return None
    aware = [date if date.tzinfo else date.replace(tzinfo=timezone.utc) for date in dates]
    texts = tuple(date.isoformat() for date in sorted(aware))
    return Timetable(events=texts, restrict_to_events=bool(restrict))


def _seconds(interval: Any) -> float | None:
    """The length of a data interval; None for months and the like, which differ in length."""
    if interval is None:
        return 0.0
    if isinstance(interval, timedelta):
        return interval.total_seconds()
    parts: dict[str, Any] = {name: getattr(interval, name, 0) for name in _FIXED_PARTS}
    if not isinstance(interval, relativedelta) or interval != relativedelta(**parts):
        return None
    return timedelta(**parts).total_seconds()


def _argument(call: Call, position: int, name: str) -> Any:
    if len(call.args) > position:
        return call.args[position]
    return call.kwargs.get(name)


def _zone(zone: Any) -> str | None:
    return zone if zone is None or isinstance(zone, str) else zone_name(zone)


def _with_assets(call: Call, name: str) -> Timetable | None:
    inner = call.kwargs.get("timetable")
    timetable = read_timetable(inner) if isinstance(inner, Call) else None
    if timetable is None:
        return None
    return replace(timetable, assets=_argument(call, 1, _WITH_ASSETS[name]))
