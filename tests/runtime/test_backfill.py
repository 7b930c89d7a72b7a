"""All dates of a range, each in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

import psutil
import pytest
from typer.testing import CliRunner

from runtime import launch
from runtime.backfill import Backfill
from runtime.context import RunContext
from runtime.exceptions import ScheduleError
from runtime.loading import load_pipeline
from runtime.runs import runs_at
from tests.conftest import REPOSITORY, EmittedProject  # type: ignore[import-not-found, unused-ignore]
from transpiler.cli import app

PIPELINE = """
import time
from pathlib import Path
from zenml import pipeline, step
from runtime.context import RunContext, current_run
from runtime.schedule import DagSchedule

SCHEDULE = DagSchedule(cron="0 2 * * *", start_date="2024-01-01", end_date="2024-01-09")

@step(enable_cache=False)
def work() -> None:
    run = current_run()
    if run.params.get("fail_at") == run.logical_date.day:
        raise ValueError("as asked")
    while run.params.get("wait"):
        time.sleep(0.1)

@pipeline(name="%s", enable_cache=False)
def daily(run: RunContext) -> None:
    work(id="work")
"""


def day(number: int) -> datetime:
    return datetime(2024, 1, number, 2, tzinfo=timezone.utc)


@pytest.fixture
def file(runnable_project: EmittedProject, request: pytest.FixtureRequest) -> Path:
    """A daily pipeline under a name that no other test has."""
    return runnable_project.write("pipelines/daily.py", PIPELINE % request.node.name)


def states(file: Path, *options: str) -> tuple[int, dict[int, str]]:
    """Exit code, and the state of each day, of `dag2zen backfill --json`."""
    arguments = ["backfill", str(file), "--start", "2023-12-30", "--json", *options]
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code in (0, 1), done.output
    report = json.loads(done.stdout)
    dates = {datetime.fromisoformat(one["logical_date"]).day: one for one in report["dates"]}
    return done.exit_code, {number: one["state"] for number, one in dates.items()}


def test_dates_that_are_done_are_left_out(file: Path) -> None:
    launch.start(*load_pipeline(file), logical_date=day(2))
    to_3 = ["--end", "2024-01-03T02:00"]
    assert states(file, *to_3, "--dry-run") == (0, {1: "planned", 2: "done", 3: "planned"})
    assert states(file, *to_3, "--rerun", "--dry-run")[1] == dict.fromkeys((1, 2, 3), "planned")
    stopped = states(file, *to_3, "--param", "fail_at=1")
    assert stopped == (1, {1: "failed", 2: "not started", 3: "not started"})
    assert states(file, *to_3, "--jobs", "2") == (0, {1: "success", 2: "done", 3: "success"})

    runs = runs_at(file_name(file), day(3))
    assert len(runs) == 1
    context = RunContext.model_validate(
        (runs[0].get_hydrated_version().config.parameters or {})["run"]
    )
    assert (context.run_type, context.run_id) == ("backfill", "backfill__2024-01-03T02:00:00+00:00")
    assert context.data_interval_end == day(4)


def file_name(file: Path) -> str:
    return load_pipeline(file)[0].name


def test_runs_that_cannot_be_started(file: Path) -> None:
    load_pipeline(file)
    file.write_text(file.read_text() + "\nraise OSError('gone')\n")
    told: list[tuple[int, int, int]] = []
    order = Backfill(file, day(1), day(2), continue_on_failure=True, run_backwards=True)

    report = order.run(lambda date, done, of: told.append((date.logical_date.day, done, of)))

    assert report.state == "failed"
    assert [date.state for date in report.dates] == ["not started"] * 2
    assert all("OSError: gone" in str(date.error) for date in report.dates)
    assert told == [(2, 1, 2), (1, 2, 2)]


def test_usage(file: Path, runnable_project: EmittedProject) -> None:
    command = ["backfill", str(file), "--start", "2024-01-01", "--end"]
    by_hand = runnable_project.write(
        "pipelines/by_hand.py", (PIPELINE % "by-hand").replace("SCHEDULE =", "OTHER =")
    )

    assert CliRunner().invoke(app, [*command, "soon"]).exit_code == 2
    done = CliRunner().invoke(app, [*command, "2024-01-01"])
    assert "no date in this range" in done.stdout
    assert CliRunner().invoke(app, [*command, "2024-01-02", "--conf", "[]"]).exit_code == 2
    with pytest.raises(ScheduleError, match="has no dates"):
        text = by_hand.read_text().replace("OTHER = DagSchedule(", "OTHER = dict(")
        by_hand.write_text(text)
        Backfill(by_hand, day(1), day(2)).planned()


@pytest.mark.slow
def test_it_ends_its_runs_when_it_is_ended(file: Path) -> None:
    command = [sys.executable, "-m", "transpiler", "backfill", str(file)]
    dates = ["--start", "2024-01-01", "--end", "2024-01-02T00:00", "--param", "wait=true"]
    process = subprocess.Popen([*command, *dates], cwd=REPOSITORY, stderr=subprocess.DEVNULL)
    try:
        while not runs_at(file_name(file), day(1)):
            assert process.poll() is None
            time.sleep(0.2)
        children = psutil.Process(process.pid).children(recursive=True)
        assert children
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 128 + signal.SIGTERM
        psutil.wait_procs(children, timeout=600)
        assert not any(child.is_running() for child in children)
    finally:
        process.kill()
        process.wait()
