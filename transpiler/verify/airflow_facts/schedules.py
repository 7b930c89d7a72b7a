"""Timetables as JSON, those of Airflow 2 and of Airflow 3."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from transpiler.verify.airflow_facts.values import first_attribute, plain

PRESETS = {"OnceTimetable": "@once", "ContinuousTimetable": "@continuous"}


def schedule(timetable: Any) -> Any:
    """Cron text with presets resolved, seconds, `@once`, `@continuous`, or null.

    Assets are `{"assets": [uri, …], "text": …}`, with `time` where a schedule runs beside them; the
    text joins them by `&` and `|`. Several crons are `{"crons": […]}` and dates `{"events": […]}`. A
    timetable of another kind is null here; `timetable` in the DAG's facts names its class.
    """
    kind = type(timetable).__name__
    if kind in PRESETS:
        return PRESETS[kind]
    condition = first_attribute(timetable, "dataset_condition", "asset_condition")
    assets = sorted(set(_assets(condition)))
    if assets:
        beside = getattr(timetable, "timetable", None)
        time = {"time": schedule(beside)} if beside is not None else {}
        return {"assets": assets, "text": _text(condition), **time}
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


def _text(condition: Any) -> str:
    """A condition with `&` and `|`; what is joined alike is written without parentheses."""
    kind = type(condition).__name__
    if "Alias" in kind:
        return f"alias({condition.name})"
    sign = {"All": "&", "Any": "|"}.get(kind[-3:])
    if sign is None:
        return str(first_attribute(condition, "uri", "name"))
    parts = list(_alike(condition, kind[-3:]))
    texts = [
        f"({_text(part)})" if len(getattr(part, "objects", ())) > 1 else _text(part)
        for part in parts
    ]
    return f" {sign} ".join(texts)


def _alike(condition: Any, ending: str) -> Iterator[Any]:
    """The parts of a condition, and those of parts that are joined like it."""
    for part in condition.objects:
        kind = type(part).__name__
        if kind.endswith(ending) and "Alias" not in kind:
            yield from _alike(part, ending)
        else:
            yield part


def timetable_facts(timetable: Any) -> dict[str, Any]:
    """Class, text and time zone of a timetable."""
    zone = first_attribute(timetable, "_timezone", "timezone")
    return {
        "class": type(timetable).__name__,
        "summary": str(getattr(timetable, "summary", type(timetable).__name__)),
        "timezone": str(getattr(zone, "name", zone)) if zone is not None else None,
    }
