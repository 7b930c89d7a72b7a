"""Timetables as JSON, those of Airflow 2 and of Airflow 3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from transpiler.verify.airflow_facts.values import first_attribute, plain

PRESETS = {"OnceTimetable": "@once", "ContinuousTimetable": "@continuous"}


def schedule(timetable: Any) -> Any:
    """Cron text with presets resolved, seconds, `@once`, `@continuous`, or null.

    Assets are `{"assets": [uri, …]}`, with `time` where a schedule runs beside them; several crons
    are `{"crons": […]}` and dates `{"events": […]}`. A timetable of another kind is null here;
    `timetable` in the DAG's facts names its class.
    """
    kind = type(timetable).__name__
    if kind in PRESETS:
        return PRESETS[kind]
    assets = sorted(
        set(_assets(first_attribute(timetable, "dataset_condition", "asset_condition")))
    )
    if assets:
        beside = getattr(timetable, "timetable", None)
        return {"assets": assets, **({"time": schedule(beside)} if beside is not None else {})}
    if hasattr(timetable, "event_dates"):
        return {"events": [date.isoformat() for date in timetable.event_dates]}
    several = first_attribute(timetable, "_timetables", "timetables")
    if several:
        return {"crons": [schedule(one) for one in several]}
    return plain(first_attribute(timetable, "_expression", "expression", "_delta", "delta"))


def _assets(condition: Any) -> Iterator[str]:
    """URIs, or names of what has none, below `&`, `|` and lists."""
    for part in (parts := getattr(condition, "objects", ())):
        yield from _assets(part)
    name = first_attribute(condition, "uri", "name")
    if name is not None and not parts:
        yield str(name)


def timetable_facts(timetable: Any) -> dict[str, Any]:
    """Class, text and time zone of a timetable."""
    zone = first_attribute(timetable, "_timezone", "timezone")
    return {
        "class": type(timetable).__name__,
        "summary": str(getattr(timetable, "summary", type(timetable).__name__)),
        "timezone": str(getattr(zone, "name", zone)) if zone is not None else None,
    }
