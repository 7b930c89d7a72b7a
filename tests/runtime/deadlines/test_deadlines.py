"""SLAs and deadline alerts of real runs."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from runtime.context import RunContext
from runtime.deadlines import Deadline, Sla
from runtime.deadlines.alerts import due
from runtime.deadlines.sla import check_slas, late_dates
from runtime.deadlines.specs import Callback
from runtime.deadlines.watch import watched
from runtime.exceptions import LaunchError
from runtime.launch import start
from runtime.schedule import DagSchedule
from tests.conftest import EmittedProject
from tests.runtime.deadlines import late

DAY = timedelta(days=1)
DATE = datetime(2024, 3, 9, tzinfo=timezone.utc)
DAILY = DagSchedule(cron="@daily", start_date=DATE - 9 * DAY)
_MODULE = "tests.runtime.deadlines.late"


@pytest.fixture(autouse=True)
def told() -> Iterator[list[Any]]:
    late.TOLD.clear()
    yield late.TOLD
    late.TOLD.clear()


def pipeline(**extra: Any) -> Any:
    """The pipeline under a name of its own."""
    from zenml import pipeline as declared

    name = f"late-{uuid.uuid4().hex[:8]}"
    return declared(name=name, enable_cache=False, extra=extra)(late.late)


def context(date: datetime, schedule: DagSchedule = DAILY, **options: Any) -> RunContext:
    return RunContext.for_schedule(schedule, date, dag_id="late", **options)


def run(made: Any, date: datetime, until_told: int = 0) -> str:
    return start(made, DAILY, logical_date=date, params={"until_told": until_told}).state


def test_a_late_task(
    zenml_store: Path, emitted_project: EmittedProject, told: list[Any], caplog: Any
) -> None:
    made = pipeline(
        sla={
            "tasks": {"work": 3600},
            "callbacks": [{"path": f"{_MODULE}.raises"}, {"path": f"{_MODULE}.tell_sla"}],
        }
    )
    from zenml.client import Client

    today = datetime.now(timezone.utc).replace(hour=0, minute=0, second=0, microsecond=0)
    date = today - 3 * DAY
    assert run(made, date) == "success"
    assert told == []  # As in Airflow: the task never succeeded before.
    report = start(made, DAILY, logical_date=date + DAY, params={"until_told": 1})
    assert report.state == "success"
    ((dag_id, tasks, blocking, misses, instances),) = told
    assert dag_id == made.name
    assert tasks.startswith(f"work on {(date + 2 * DAY).isoformat()}")
    assert (blocking, instances) == ("", [])
    (miss,) = [miss for miss in misses if miss.execution_date == date + 2 * DAY]
    assert (miss.task_id, miss.dag_id, miss.notification_sent) == ("work", made.name, False)
    assert "a broken callback" in caplog.text
    failed = {f"{_MODULE}.raises": "ValueError: a broken callback"}
    assert report.failed_callbacks == failed
    (note,) = Client().list_artifact_versions(artifact=f"sla_miss:{made.name}", hydrate=True).items
    assert note.run_metadata["failed_callbacks"] == failed


def test_each_miss_is_told_once(zenml_store: Path, told: list[Any]) -> None:
    made = pipeline()
    run(made, DATE)
    sla = Sla(tasks={"work": 3600.0}, callbacks=[Callback(path=f"{_MODULE}.tell_sla")])
    soon, later = DATE + 2 * DAY + timedelta(hours=1), DATE + 3 * DAY + timedelta(hours=2)
    assert check_slas(made.name, DAILY, sla, soon) == []
    first = check_slas(made.name, DAILY, sla, soon + timedelta(seconds=1))
    assert [miss.execution_date for miss in first] == [DATE + 2 * DAY]
    second = check_slas(made.name, DAILY, sla, later)
    assert [miss.execution_date for miss in second] == [DATE + 3 * DAY]
    assert len(told) == 2
    assert check_slas(made.name, DagSchedule(), sla, later) == []
    assert check_slas("never-ran", DAILY, sla, later) == []


def test_dates_of_misses() -> None:
    def dates(last: RunContext, hours: float, schedule: DagSchedule = DAILY) -> list[int]:
        now = DATE + 3 * DAY
        return [one.day for one in late_dates(schedule, last, timedelta(hours=hours), now)]

    scheduled = context(DATE)
    assert dates(scheduled, 1) == [11]
    assert dates(scheduled, 0) == [11]
    assert dates(scheduled, 48) == []
    by_hand = context(DATE + timedelta(hours=5), run_type="manual")
    assert (by_hand.data_interval_start.day, dates(by_hand, 1)) == (8, [10, 11])
    fires = DagSchedule(cron="@daily", trigger=True)
    assert dates(context(DATE, fires), 1, fires) == [11]


def test_a_missed_deadline(
    zenml_store: Path, emitted_project: EmittedProject, told: list[Any]
) -> None:
    deadline = {"reference": "queued_at", "seconds": 0}
    tell_late = {"path": f"{_MODULE}.tell_late", "kwargs": {"text": "late"}}
    made = pipeline(
        deadlines=[
            {**deadline, "callback": tell_late},
            {**deadline, "callback": {"path": f"{_MODULE}.nothing"}},
            {**deadline, "callback": {"path": f"{_MODULE}.tell_plainly"}},
            {"reference": "queued_at", "seconds": 86400, "callback": tell_late},
        ]
    )
    emitted_project.configure(made.name.replace("-", "_"), {"variables": {"team": "data"}})
    assert run(made, DATE, until_told=2) == "success"
    (text, team, of_run), plainly = told
    assert (text, team, plainly) == ("late", "data", "plainly")
    assert of_run["dag_run"]["dag_run_id"] == "scheduled__2024-03-09T00:00:00+00:00"
    assert of_run["dag_run"]["logical_date"] == "2024-03-09T00:00:00Z"
    assert of_run["deadline"]["deadline_time"].tzinfo is not None


def test_what_stops_the_telling_is_in_the_report(
    zenml_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = threading.Event()

    def store_away(*given: Any, **context: Any) -> None:
        told.set()
        raise ConnectionError("the store is away")

    monkeypatch.setattr("runtime.deadlines.alerts.call", store_away)
    deadline = {"reference": "queued_at", "seconds": 0, "callback": {"path": "steps.tell"}}
    ended = watched(pipeline(deadlines=[deadline]), None, context(DATE))
    with ended as failed:
        assert told.wait(60)
    assert failed == {"about the run not being done in time": "ConnectionError: the store is away"}


def test_when_a_run_must_be_done(
    zenml_store: Path, emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    callback = {"path": "steps.tell"}
    queued = DATE + 2 * DAY

    def at(reference: Any, **interval: Any) -> datetime | None:
        spec = Deadline.model_validate(
            {"reference": reference, "callback": callback, **(interval or {"seconds": 60})}
        )
        return due(spec, context(DATE), queued)

    minute = timedelta(minutes=1)
    assert at("logical_date") == DATE + minute
    assert at("queued_at") == queued + minute
    assert at({"datetime": "2024-01-01T00:00:00"}) == datetime(
        2024, 1, 1, 0, 1, tzinfo=timezone.utc
    )
    assert at({"max_runs": 3}) is None
    monkeypatch.setenv("RUNTIME_VAR_WAIT", "120")
    assert at("queued_at", variable="wait") == queued + 2 * minute
    monkeypatch.setenv("RUNTIME_VAR_WAIT", "long")
    with pytest.raises(LaunchError, match="'wait'.*whole number"):
        at("queued_at", variable="wait")


def test_the_average_of_earlier_runs(zenml_store: Path) -> None:
    made = pipeline()
    run(made, DATE)
    spec = Deadline.model_validate(
        {
            "reference": {"max_runs": 5, "min_runs": 1},
            "seconds": 0,
            "callback": {"path": "steps.tell"},
        }
    )
    here = context(DATE + DAY).model_copy(update={"dag_id": made.name})
    at = due(spec, here, DATE)
    assert at is not None and DATE < at < DATE + timedelta(hours=1)


def test_what_cannot_be_read(zenml_store: Path) -> None:
    with pytest.raises(LaunchError, match=r"extra\['sla'\].*tasks: Field required"):
        run(pipeline(sla={}), DATE)
    with pytest.raises(LaunchError, match=r"extra\['deadlines'\].*0.reference"):
        run(pipeline(deadlines=[{"callback": {"path": "a.b"}}]), DATE)
