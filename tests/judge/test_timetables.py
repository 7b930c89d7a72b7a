"""Schedules against Airflow's own timetables: random schedules, zones and dates."""

from __future__ import annotations

import json
import random
import subprocess
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from runtime.schedule import DagSchedule
from tests.judge.airflow_env import LIMIT_SECONDS, airflow_python

SCRIPT = Path(__file__).with_name("airflow_timetables.py")
CASES = 400
MAX_RUNS = 60
ZONES = ("UTC", "Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata")
# Around changes of the clock in these zones, and elsewhere.
DAYS = ("2024-03-09", "2024-03-30", "2024-10-05", "2024-10-26", "2024-11-02", "2024-06-11")
CRONS = (
    "* * * * *", "*/7 * * * *", "30 * * * *", "0 */2 * * *", "30 2 * * *", "0 3 * * *",
    "15 1,2,3 * * *", "0 0 * * 0", "0 5 * * 1-5", "0 0 1 * *", "0 0 1 */3 *", "0 0 29 2 *",
)  # fmt: skip
KINDS = (
    "CronDataIntervalTimetable",
    "DeltaDataIntervalTimetable",
    "CronTriggerTimetable",
    "DeltaTriggerTimetable",
    "MultipleCronTriggerTimetable",
    "EventsTimetable",
)


def random_case(rng: random.Random) -> dict[str, Any]:
    """One timetable with its arguments, two bounds, and a moment that is now."""
    kind, zone = rng.choice(KINDS), rng.choice(ZONES)
    day = datetime.fromisoformat(rng.choice(DAYS)).replace(tzinfo=timezone.utc)
    start = day + timedelta(minutes=rng.choice((0, 0, 30, rng.randrange(3000))))
    end = start + timedelta(hours=rng.choice((6, 30, 100, 2000)))
    now = start + timedelta(minutes=rng.choice((0, 60, rng.randrange(-2000, 20000))))
    interval = rng.choice((0, 3600, 86400, 5400))
    arguments: dict[str, Any] = {}
    if kind == "CronDataIntervalTimetable":
        arguments = {"cron": rng.choice(CRONS), "timezone": zone}
    elif kind == "CronTriggerTimetable":
        arguments = {"cron": rng.choice(CRONS), "timezone": zone, "interval": interval}
    elif kind == "MultipleCronTriggerTimetable":
        crons = rng.sample(CRONS[1:], rng.choice((1, 2, 3)))
        arguments = {"crons": crons, "timezone": zone, "interval": interval}
    elif kind == "EventsTimetable":
        hours = [rng.randrange(-50, 200) for _ in range(rng.choice((1, 2, 9)))]
        arguments = {
            "event_dates": [(start + timedelta(hours=hour)).isoformat() for hour in hours],
            "restrict_to_events": rng.random() < 0.5,
        }
    else:
        months = {"every": {rng.choice(("months", "years")): rng.choice((1, 1, 2))}}
        seconds = {"delta": rng.choice((600, 3600, 5400, 86400, 604800))}
        arguments = {**rng.choice((seconds, seconds, months))}
        if kind == "DeltaTriggerTimetable":
            arguments["interval"] = interval
    dates = {"start": start.isoformat(), "end": end.isoformat(), "now": now.isoformat()}
    # Airflow plans listed dates before they come; of several crons it takes one that has not fired
    # yet for the newest, where the interval reaches back over now.
    ahead = kind == "EventsTimetable" or (kind.startswith("Multiple") and interval > 0)
    return {"kind": kind, "arguments": arguments, "compare_newest": not ahead, **dates}


def schedule_of(case: dict[str, Any], **more: Any) -> DagSchedule:
    """The same as an emitted schedule."""
    kind, given = case["kind"], case["arguments"]
    fields: dict[str, Any] = {"start_date": case["start"], **more}
    if "timezone" in given:
        fields["timezone"] = given["timezone"]
    if kind == "EventsTimetable":
        fields["events"] = given["event_dates"]
        fields["restrict_to_events"] = given["restrict_to_events"]
    elif "every" in given:
        fields["every"] = given["every"]
    elif "delta" in given:
        fields["every_seconds"] = given["delta"]
    else:
        fields["cron"] = given.get("crons") or given["cron"]
    if "Trigger" in kind:
        fields |= {"trigger": True, "interval_seconds": given["interval"]}
    return DagSchedule.model_validate(fields)


def own_answer(case: dict[str, Any]) -> dict[str, Any]:
    start, end, now = (datetime.fromisoformat(case[name]) for name in ("start", "end", "now"))
    schedule = schedule_of(case, catchup=True)
    dates = list(islice(schedule.dates(start, end), MAX_RUNS))
    before, after = schedule.neighbours(dates[0]) if dates else (None, None)
    newest = schedule_of(case, catchup=False).latest(now) if case["compare_newest"] else None
    return {
        "runs": [[date.isoformat() for date in schedule.data_interval(date)] for date in dates],
        "newest": newest and newest.isoformat(),
        "manual": [date.isoformat() for date in schedule.manual_interval(now)],
        "following": after and after.isoformat(),
        "preceding": before and before.isoformat(),
    }


def in_seconds(answer: dict[str, Any]) -> dict[str, Any]:
    """Dates of one spelling."""
    return json.loads(json.dumps(answer).replace('Z"', '+00:00"'))  # type: ignore[no-any-return]


def test_schedules_are_those_of_airflow() -> None:
    cases = [random_case(random.Random(seed)) for seed in range(CASES)]
    done = subprocess.run(
        [str(airflow_python()), str(SCRIPT)],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        check=False,
        timeout=LIMIT_SECONDS,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    answers = json.loads(done.stdout.rpartition("answers:")[2])

    compared = set()
    for case, answer in zip(cases, answers, strict=True):
        if answer is None:  # a timetable that this version of Airflow does not have
            continue
        compared.add(case["kind"])
        assert own_answer(case) == in_seconds(answer), case
    assert compared >= set(KINDS) - {"DeltaTriggerTimetable", "MultipleCronTriggerTimetable"}


def test_schedules_with_several_crons_only_trigger() -> None:
    with pytest.raises(ValueError, match="several cron expressions"):
        DagSchedule(cron=["0 1 * * *", "0 2 * * *"])
