"""The listener against real runs in ZenML; the clock is the test's."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from runtime.exceptions import LaunchError
from runtime.launch import run_file
from runtime.listening.entries import ProjectPipelines, find_entries
from runtime.listening.listener import Listener, Told
from runtime.report import run_report, run_state
from runtime.runs import newest_context, runs_at
from tests.runtime.listening.conftest import Pipelines  # type: ignore[import-not-found, unused-ignore]
from tests.runtime.listening.in_process import InProcess  # type: ignore[import-not-found, unused-ignore]

DAY = timedelta(days=1)
MIDNIGHT = datetime(2024, 3, 10, tzinfo=timezone.utc)


class Listening:
    """A listener, what it told, and its processes."""

    def __init__(self, pipelines: Pipelines, **options: Any) -> None:
        self.told: list[Told] = []
        self.processes = InProcess()
        self.listener = Listener(
            find_entries(pipelines.project.root), self.processes, tell=self.told.append, **options
        )

    def turn(self, now: datetime) -> list[str]:
        """One look; gives the dates of what was started, as days or whole dates."""
        before = len(self.told)
        self.listener.turn(now)
        news = [told.start for told in self.told[before:] if told.what == "started"]
        return [start.logical_date.isoformat().removesuffix("T00:00:00+00:00") for start in news]


def soon() -> datetime:
    """A moment at which the newest events have settled."""
    return datetime.now(timezone.utc) + timedelta(seconds=1.5)


def test_only_the_newest_date_without_catchup(pipelines: Pipelines) -> None:
    name = pipelines.write("daily", "cron='@daily', start_date='2024-01-01'")
    one = Listening(pipelines)
    assert one.turn(MIDNIGHT) == ["2024-03-09"]
    assert one.turn(MIDNIGHT + timedelta(hours=1)) == []
    one.processes.run_all()
    assert one.listener.turn(MIDNIGHT + timedelta(hours=2)) == MIDNIGHT + DAY
    assert [told.what for told in one.told] == ["started", "success"]
    # Another listener, or this one after a stop, does not start the date again.
    again = Listening(pipelines)
    assert again.turn(MIDNIGHT + timedelta(hours=3)) == []
    assert again.turn(MIDNIGHT + 3 * DAY) == ["2024-03-12"]
    (run,) = runs_at(name, MIDNIGHT - DAY)
    assert run.config.parameters is not None
    assert run.config.parameters["run"]["run_id"] == "scheduled__2024-03-09T00:00:00+00:00"


def test_catchup_within_the_limit_of_runs(pipelines: Pipelines) -> None:
    pipelines.write(
        "past", "cron='@daily', start_date='2024-03-05', catchup=True, max_active_runs=2"
    )
    one = Listening(pipelines)
    assert one.turn(MIDNIGHT) == ["2024-03-05", "2024-03-06"]
    assert one.turn(MIDNIGHT) == []
    one.processes.run_all()
    assert one.turn(MIDNIGHT) == ["2024-03-07", "2024-03-08"]
    one.processes.run_all()
    after_a_stop = Listening(pipelines)
    assert after_a_stop.turn(MIDNIGHT) == ["2024-03-09"]


def test_once_and_at_events(pipelines: Pipelines) -> None:
    pipelines.write("once", "once=True, start_date='2024-03-01'")
    pipelines.write("listed", "events=['2024-03-09T00:00:00Z', '2024-03-12T00:00:00Z']")
    one = Listening(pipelines)
    assert one.listener.turn(MIDNIGHT) == datetime(2024, 3, 12, tzinfo=timezone.utc)
    assert sorted(one.processes.orders) == [
        f"{pipelines.name('listed')}-2024-03-09T00:00:00+00:00",
        f"{pipelines.name('once')}-2024-03-01T00:00:00+00:00",
    ]
    assert one.turn(MIDNIGHT + DAY) == []


def test_a_run_after_the_other(pipelines: Pipelines) -> None:
    pipelines.write("all_the_time", "continuous=True, start_date='2024-03-09'")
    one = Listening(pipelines)
    assert one.turn(MIDNIGHT) == ["2024-03-09"]
    assert one.turn(MIDNIGHT + timedelta(hours=1)) == []
    one.processes.run_all()
    assert one.turn(MIDNIGHT + timedelta(hours=2)) == ["2024-03-10"]
    one.processes.run_all()
    context = newest_context(pipelines.name("all_the_time"), ["scheduled"])
    assert context is not None
    assert context.data_interval_start == MIDNIGHT
    assert context.data_interval_end == MIDNIGHT + timedelta(hours=2)


def test_what_cannot_be_started_is_tried_again_later(pipelines: Pipelines) -> None:
    pipelines.write("daily", "cron='@daily', start_date='2024-01-01'")
    one = Listening(pipelines)
    one.turn(MIDNIGHT)
    one.processes.fail_all()
    assert one.listener.turn(MIDNIGHT) == MIDNIGHT + timedelta(seconds=30)
    assert one.told[-1].what == "not started" and "no room" in one.told[-1].text
    assert one.turn(MIDNIGHT + timedelta(seconds=10)) == []
    assert one.turn(MIDNIGHT + timedelta(seconds=30)) == ["2024-03-09"]
    one.processes.run_all()
    one.turn(MIDNIGHT + timedelta(seconds=31))
    assert one.told[-1].what == "success" and one.listener.failures == 1


def test_two_processes_start_a_run_once(pipelines: Pipelines) -> None:
    name = pipelines.write("daily", "cron='@daily', start_date='2024-01-01'")
    one, two = Listening(pipelines), Listening(pipelines)
    assert one.turn(MIDNIGHT) == two.turn(MIDNIGHT) == ["2024-03-09"]
    one.processes.run_all()
    two.processes.run_all()
    assert two.turn(MIDNIGHT) == [] and two.listener.failures == 0
    assert len(runs_at(name, MIDNIGHT - DAY)) == 1


def test_what_is_being_started_is_not_started_again(pipelines: Pipelines) -> None:
    pipelines.write("daily", "cron='@daily', start_date='2024-01-01'")
    one = Listening(pipelines)
    one.turn(MIDNIGHT)
    one.processes.fail_all()
    one.turn(MIDNIGHT)
    assert one.turn(MIDNIGHT + timedelta(seconds=30)) == ["2024-03-09"]
    assert one.turn(MIDNIGHT + timedelta(seconds=90)) == []


def test_a_listener_that_was_killed_loses_no_start(pipelines: Pipelines) -> None:
    name = pipelines.write(
        "past", "cron='@daily', start_date='2024-03-08', catchup=True, max_active_runs=2"
    )
    killed = Listening(pipelines)
    assert killed.turn(MIDNIGHT) == ["2024-03-08", "2024-03-09"]
    # The process of the first date was killed as well, that of the second one came to its end.
    killed.processes.orders.pop(f"{name}-2024-03-08T00:00:00+00:00")
    killed.processes.run_all()
    again = Listening(pipelines)
    assert again.turn(MIDNIGHT) == ["2024-03-08"]
    again.processes.run_all()
    assert again.turn(MIDNIGHT) == []
    assert [len(runs_at(name, MIDNIGHT - days * DAY)) for days in (2, 1)] == [1, 1]
    assert Listening(pipelines).turn(MIDNIGHT) == []


def test_changed_pipelines_are_loaded_again(
    pipelines: Pipelines, caplog: pytest.LogCaptureFixture
) -> None:
    pipelines.write("daily", "cron='@daily', start_date='2024-01-01'")
    project = ProjectPipelines(pipelines.project.root)
    assert not project.has_changed()
    pipelines.write("daily", "cron='0 12 * * *', start_date='2024-01-01'")
    pipelines.write("added", "cron='@hourly', start_date='2024-01-01'")
    assert project.has_changed() and not project.has_changed()
    listening = Listening(pipelines)
    listening.listener.use(project.entries)
    assert listening.turn(MIDNIGHT) == ["2024-03-09T23:00:00+00:00", "2024-03-08T12:00:00+00:00"]

    broken = pipelines.project.write("pipelines/daily.py", "raise ValueError('half-written')")
    (pipelines.project.root / "pipelines/added.py").unlink()
    assert project.has_changed()
    assert "daily.py stays as it was" in caplog.text
    (entry,) = project.entries
    assert entry.schedule.cron == "0 12 * * *"
    broken.unlink()
    assert project.has_changed()
    listening.listener.use(project.entries)
    assert listening.turn(MIDNIGHT + DAY) == []


def test_somebody_is_told_of_a_run_that_never_started(pipelines: Pipelines) -> None:
    name = pipelines.write(
        "daily",
        "cron='@daily', start_date='2024-03-01'",
        definitions="""
TOLD = []

def tell(dag, tasks, blocking, slas, tis):
    TOLD.append(tasks)
""",
        of_pipeline=', extra={"sla": {"tasks": {"work": 3600}, '
        '"callbacks": [{"path": "pipelines.daily.tell"}]}}',
    )
    run_file(pipelines.project.root / "pipelines/daily.py", "2024-03-07")
    one = Listening(pipelines, jobs=1)
    assert one.turn(MIDNIGHT - DAY) == ["2024-03-08"]
    for hours in (1, 2, 3):  # The run of that date does not come about.
        one.turn(MIDNIGHT - DAY + timedelta(hours=hours))
        one.listener.slas.join()
    assert sys.modules["pipelines.daily"].TOLD == ["work on 2024-03-09T00:00:00+00:00"]
    assert runs_at(name, MIDNIGHT - 2 * DAY) == []


def test_slas_that_cannot_be_checked_count(
    pipelines: Pipelines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def store_away(*given: Any) -> None:
        raise ConnectionError("the store is away")

    monkeypatch.setattr("runtime.listening.sla_watch.check_slas", store_away)
    pipelines.write(
        "daily",
        "cron='@daily', start_date='2024-03-09'",
        of_pipeline=', extra={"sla": {"tasks": {"work": 3600}}}',
    )
    one = Listening(pipelines, jobs=1)
    one.turn(MIDNIGHT - DAY)
    one.listener.slas.join()
    assert one.listener.failures == 1


def test_failed_runs_count(pipelines: Pipelines) -> None:
    pipelines.write("daily", "cron='@daily', start_date='2024-01-01'", body="return 1 / 0")
    one = Listening(pipelines)
    one.turn(MIDNIGHT)
    one.processes.run_all()
    assert one.turn(MIDNIGHT) == []
    assert one.told[-1].what == "failed" and one.listener.failures == 1


def test_a_file_that_does_not_load_is_left_out(
    pipelines: Pipelines, caplog: pytest.LogCaptureFixture
) -> None:
    pipelines.project.write("pipelines/broken.py", "1 / 0\n")
    with pytest.raises(LaunchError, match="has a schedule"):
        find_entries(pipelines.project.root)
    pipelines.write("daily", "cron='@daily'")
    assert [entry.dag_id for entry in find_entries(pipelines.project.root)] == [
        pipelines.name("daily")
    ]
    assert "broken.py is left out" in caplog.text
    with pytest.raises(LaunchError, match="has no pipelines"):
        find_entries(pipelines.project.root / "elsewhere")


def test_all_assets_start_a_pipeline(pipelines: Pipelines) -> None:
    orders, customers = pipelines.uri("orders"), pipelines.uri("customers")
    listening = pipelines.write(
        "both",
        f"datasets={{'all': [{orders!r}, {customers!r}]}}",
        body="""
    context = airflow_context()
    events = context["triggering_dataset_events"]
    return str({uri: [e.extra for e in events[uri]] for uri in sorted(events)})""",
    )
    body = "airflow_context()['outlet_events'][%r].extra = {'rows': 3}; return 'x'"
    pipelines.updating("one", orders, body=body % orders)
    pipelines.updating("two", customers)
    one = Listening(pipelines)
    root = pipelines.project.root
    assert one.turn(soon()) == []
    run_file(root / "pipelines/one.py", "2024-03-01")
    run_file(root / "pipelines/one.py", "2024-03-02")
    assert one.turn(soon()) == []
    run_file(root / "pipelines/two.py", "2024-03-03")
    (date,) = one.turn(soon())
    one.processes.run_all()
    (run,) = runs_at(listening, datetime.fromisoformat(date))
    assert run_state(run) == "success"
    rows = {"rows": 3}
    assert run_report(run).tasks["work"].xcom["return_value"] == str(
        {customers: [{}], orders: [rows, rows]}
    )
    context = newest_context(listening, ["dataset_triggered"])
    assert context is not None and context.run_id == f"dataset_triggered__{date}"
    assert context.data_interval_start == datetime(2024, 3, 1, tzinfo=timezone.utc)
    # Neither this listener nor a new one starts anything before both are updated again.
    run_file(root / "pipelines/one.py", "2024-03-04")
    assert one.turn(soon()) == []
    again = Listening(pipelines)
    assert again.turn(soon()) == []
    run_file(root / "pipelines/two.py", "2024-03-04")
    assert len(again.turn(soon())) == 1
