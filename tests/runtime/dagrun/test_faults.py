"""Faults from outside while a run is under way: nothing is left that seems to run."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone
from pathlib import Path

import pytest

from runtime import launch
from runtime.schedule import DagSchedule
from tests.conftest import REPOSITORY
from tests.runtime.dagrun import dags, stopped

DAY = datetime(2022, 5, 6, tzinfo=timezone.utc)
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
    process = subprocess.Popen(
        [sys.executable, str(stopped.__file__), str(REPOSITORY), str(tmp_path), kind],
        env={**os.environ, "RUNTIME_PROJECT_ROOT": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not all((tmp_path / name).exists() for name in UNTIL_BUSY[kind]):
        assert process.poll() is None, process.communicate()[1][-2000:]
        time.sleep(0.1)
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
