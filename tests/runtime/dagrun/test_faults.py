"""Faults from outside while a run is under way: nothing is left that seems to run."""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest
from zenml import pipeline as zenml_pipeline
from zenml import step

from runtime import launch
from runtime.context import RunContext
from runtime.dagrun import DagRun
from runtime.file_locks import locks_folder
from runtime.lost_runs import mark_lost_runs
from runtime.report import run_report
from runtime.schedule import DagSchedule
from tests.conftest import REPOSITORY
from tests.runtime.dagrun import dags, stopped

DAY = datetime(2022, 5, 6, tzinfo=timezone.utc)
LARGEST_FILE = 64 * 1024 * 1024
UNTIL_BUSY = {"dynamic": ("loops", "process"), "static": ("process",)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "signum"),
    [("dynamic", signal.SIGINT), ("static", signal.SIGTERM), ("static", signal.SIGINT)],
    ids=["dynamic Ctrl-C", "static SIGTERM", "static Ctrl-C"],
)
def test_a_stopped_run_is_marked_and_can_be_run_again(
    kind: str, signum: signal.Signals, zenml_store: Path, tmp_path: Path
) -> None:
    process = _busy(kind, tmp_path)
    process.send_signal(signum)
    _, printed = process.communicate(timeout=600)
    assert process.returncode != 0, printed[-2000:]
    child = int((tmp_path / "process").read_text())
    assert not Path(f"/proc/{child}").exists()

    from zenml.client import Client

    pipeline = stopped.PIPELINES[kind]
    run = Client().list_pipeline_runs(pipeline=pipeline.name, size=1, hydrate=True).items[0]
    assert run.status.value == "failed"
    assert all(step.status.is_finished for step in run.steps.values())

    (tmp_path / "finish").touch()
    again = launch.start(pipeline, DagSchedule(), params={"started": str(tmp_path)})
    assert again.state == "success"
    assert {task.state for task in again.tasks.values()} == {"success"}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["dynamic", "static"])
def test_a_killed_run_is_marked_by_the_next_start(
    kind: str, zenml_store: Path, tmp_path: Path
) -> None:
    from zenml.client import Client

    pipeline = stopped.PIPELINES[kind]
    process = _busy(kind, tmp_path)
    mark_lost_runs(pipeline.name)
    newest = {"pipeline": pipeline.name, "sort_by": "desc:created", "size": 1, "hydrate": True}
    going = Client().list_pipeline_runs(**newest).items[0]
    assert going.status.value == "running"  # Its process lives.
    process.kill()
    process.communicate()
    os.kill(int((tmp_path / "process").read_text()), signal.SIGKILL)
    assert Client().get_pipeline_run(going.id).status.value == "running"

    (tmp_path / "finish").touch()
    again = launch.start(pipeline, DagSchedule(), params={"started": str(tmp_path)})
    assert again.state == "success"
    killed = Client().get_pipeline_run(going.id)
    assert killed.status.value == "failed"
    assert all(step.status.is_finished for step in killed.steps.values())
    assert run_report(killed).tasks["process"].state == "failed"
    assert not list(locks_folder("runs").iterdir())


def _busy(kind: str, folder: Path) -> subprocess.Popen[str]:
    """Start a run in a process of its own; gives it once its tasks are at work."""
    process = subprocess.Popen(
        [sys.executable, str(stopped.__file__), str(REPOSITORY), str(folder), kind],
        env={**os.environ, "RUNTIME_PROJECT_ROOT": str(folder)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not all((folder / name).exists() for name in UNTIL_BUSY[kind]):
        assert process.poll() is None, process.communicate()[1][-2000:]
        time.sleep(0.1)
    return process


def test_a_store_that_is_locked_for_a_while(zenml_store: Path) -> None:
    from zenml.client import Client

    database = str(Client().zen_store.config.url).removeprefix("sqlite:///")
    locked, release = threading.Event(), threading.Event()

    def lock() -> None:
        connection = sqlite3.connect(database, isolation_level=None, timeout=60)
        connection.execute("BEGIN IMMEDIATE")
        locked.set()
        release.wait(60)
        connection.execute("ROLLBACK")
        connection.close()

    holder = threading.Thread(target=lock)
    holder.start()
    assert locked.wait(60)
    threading.Timer(1.0, release.set).start()
    report = launch.start(dags.states_dag, DagSchedule(), logical_date=DAY)
    holder.join()
    assert report.tasks["extract"].state == "success"
    assert report.tasks["join"].state == "success"


class _Ends(BaseException):
    """What no `except Exception` catches."""


@step
def ends(how: str) -> bytes:
    """End the thread that runs this step, or leave more than the disk takes."""
    if how == "exit":
        raise SystemExit(3)
    if how == "base":
        raise _Ends("the thread dies")
    return b"x" * (LARGEST_FILE + 1)


@step
def after(value: bytes) -> int:
    """Take what was left."""
    return len(value)


@zenml_pipeline(name="threads-end", **dags.OPTIONS)
def threads_end(run: RunContext) -> None:
    """Three tasks that do not end as tasks should, and what follows."""
    with DagRun(run) as dag:
        for how in ("exit", "base", "disk"):
            dag.task(after, dag.task(ends, how, id=how), id=f"after_{how}")
        dag.task(dags.extract, id="other")


def test_threads_that_die_and_a_full_disk(
    zenml_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)  # no halves of such files
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_FILE, hard))
    try:
        report = launch.start(threads_end, DagSchedule(), logical_date=DAY)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert report.state == "failed"
    assert {task: found.state for task, found in report.tasks.items()} == {
        "exit": "failed",
        "after_exit": "upstream_failed",
        "base": "failed",
        "after_base": "upstream_failed",
        "disk": "failed",
        "after_disk": "upstream_failed",
        "other": "success",
    }

    from zenml.client import Client

    run = Client().get_pipeline_run(report.run_name, allow_name_prefix_match=False)
    assert run.status.value == "failed"
    assert all(one.status.is_finished for one in run.steps.values())
