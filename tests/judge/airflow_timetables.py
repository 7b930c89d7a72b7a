"""What Airflow's timetables say: cases as JSON on the standard input, answers on the output.

Runs in the environment that has Airflow, 2.10 or 3; nothing here knows this project.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import airflow.timetables.events
import airflow.timetables.interval
import airflow.timetables.trigger
import pendulum
from airflow.timetables.base import DataInterval, TimeRestriction
from dateutil.relativedelta import relativedelta

MODULES = (airflow.timetables.interval, airflow.timetables.trigger, airflow.timetables.events)
MAX_RUNS = 60


def moment(text: str | None) -> Any:
    return None if text is None else pendulum.instance(datetime.fromisoformat(text)).in_tz("UTC")


def iso(date: Any) -> str | None:
    return None if date is None else date.in_timezone("UTC").isoformat()


def set_now(text: str) -> None:
    """The clock of every timetable module, under both names that they have it by."""
    now = moment(text)
    for module in MODULES:
        if hasattr(module, "utcnow"):
            module.utcnow = lambda: now
        if hasattr(module, "timezone"):
            module.timezone.utcnow = lambda: now
        if hasattr(module, "time"):
            module.time = SimpleNamespace(time=now.timestamp)


def timetable_of(case: dict[str, Any]) -> Any:
    kind, arguments = case["kind"], dict(case["arguments"])
    if "every" in arguments:
        arguments["delta"] = relativedelta(**arguments.pop("every"))
    for name in ("delta", "interval"):
        if isinstance(arguments.get(name), (int, float)):
            arguments[name] = timedelta(seconds=arguments[name])
    for module in MODULES:
        made = getattr(module, kind, None)
        if made is None:
            continue
        if kind == "EventsTimetable":
            arguments["event_dates"] = [moment(text) for text in arguments["event_dates"]]
            return made(**arguments)
        return made(*arguments.pop("crons", []), **arguments)
    return None


def runs(timetable: Any, case: dict[str, Any]) -> list[list[str | None]]:
    """All runs between two dates."""
    restriction = TimeRestriction(moment(case["start"]), moment(case["end"]), catchup=True)
    last, found = None, []
    while len(found) < MAX_RUNS:
        info = timetable.next_dagrun_info(
            last_automated_data_interval=last, restriction=restriction
        )
        if info is None:
            break
        last = info.data_interval
        found.append([iso(last.start), iso(last.end)])
    return found


def newest(timetable: Any, case: dict[str, Any]) -> str | None:
    """The run that is due at the case's `now`, where nothing is caught up."""
    restriction = TimeRestriction(moment(case["start"]), None, catchup=False)
    info = timetable.next_dagrun_info(last_automated_data_interval=None, restriction=restriction)
    if info is None or info.run_after > moment(case["now"]):
        return None
    return iso(info.data_interval.start)


def following(timetable: Any, first: list[str | None]) -> str | None:
    interval = DataInterval(moment(first[0]), moment(first[1]))
    info = timetable.next_dagrun_info(
        last_automated_data_interval=interval, restriction=TimeRestriction(None, None, True)
    )
    return None if info is None else iso(info.data_interval.start)


def answer(case: dict[str, Any]) -> dict[str, Any] | None:
    set_now(case["now"])
    timetable = timetable_of(case)
    if timetable is None:
        return None
    found = runs(timetable, case)
    manual = timetable.infer_manual_data_interval(run_after=moment(case["now"]))
    is_interval = isinstance(timetable, airflow.timetables.interval._DataIntervalTimetable)
    return {
        "runs": found,
        "newest": newest(timetable, case) if case["compare_newest"] else None,
        "manual": [iso(manual.start), iso(manual.end)],
        "following": following(timetable, found[0]) if found else None,
        "preceding": (
            iso(timetable._get_prev(moment(found[0][0]))) if found and is_interval else None
        ),
    }


if __name__ == "__main__":
    print("answers:" + json.dumps([answer(case) for case in json.load(sys.stdin)]))
