"""Airflow's timetable classes: which of them a cron expression or an interval can stand for.

Classes: airflow/timetables/*.py (2.x) and airflow.sdk.definitions.timetables (3.x). They are told
by their class name, as their module moved between versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transpiler.lower.dates import zone_name
from transpiler.model.values import Call, Value, is_known


@dataclass(frozen=True, slots=True)
class Timetable:
    """What a timetable call says: a plain schedule value, its time zone, and what gets lost, if
    anything.
    """

    schedule: Value
    timezone: str | None = None
    loss: str | None = None


_SAME: Mapping[str, str] = {
    "CronDataIntervalTimetable": "cron",
    "DeltaDataIntervalTimetable": "delta",
}
_TRIGGER: Mapping[str, str] = {"CronTriggerTimetable": "cron", "DeltaTriggerTimetable": "delta"}
_NAMED: Mapping[str, str | None] = {
    "NullTimetable": None,
    "OnceTimetable": "@once",
    "ContinuousTimetable": "@continuous",
}
_WITH_ASSETS = ("DatasetOrTimeSchedule", "AssetOrTimeSchedule")


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
        return _with_assets(call)
    parameter = _SAME.get(name) or _TRIGGER.get(name)
    if parameter is None:
        return None
    value = _argument(call, 0, parameter)
    zone = _argument(call, 1, "timezone")
    if not is_known(value) or not (zone is None or is_known(zone)):
        return None
    loss = None
    if name in _TRIGGER:
        loss = f"{name} gives a run an interval of its own; SCHEDULE has the time to the next run"
    return Timetable(value, _zone(zone), loss)


def _argument(call: Call, position: int, name: str) -> Any:
    if len(call.args) > position:
        return call.args[position]
    return call.kwargs.get(name)


def _zone(zone: Any) -> str | None:
    return zone if zone is None or isinstance(zone, str) else zone_name(zone)


def _with_assets(call: Call) -> Timetable | None:
    inner = call.kwargs.get("timetable")
    timetable = read_timetable(inner) if isinstance(inner, Call) else None
    if timetable is None:
        return None
    loss = "the pipeline runs by the clock only, no longer when an asset is updated"
    return Timetable(timetable.schedule, timetable.timezone, loss)
