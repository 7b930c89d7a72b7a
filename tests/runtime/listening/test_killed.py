"""A listener that is killed at any moment, and started again: each date is run once."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from runtime.listening.journal import Journal
from runtime.report import run_state
from runtime.runs import runs_at
from tests.conftest import REPOSITORY
from tests.runtime.listening.conftest import Pipelines  # type: ignore[import-not-found, unused-ignore]

_LISTEN = """
import sys
from pathlib import Path
from runtime.listening import listen

listen(Path(sys.argv[1]), jobs=2, once=True, tell=lambda told: print(told.what, flush=True))
"""
DATES = 3
FIRST = datetime(2024, 3, 1, tzinfo=timezone.utc)


@pytest.mark.slow
def test_each_date_is_run_once(pipelines: Pipelines) -> None:
    last = FIRST + timedelta(days=DATES - 1)
    name = pipelines.write(
        "past", f"cron='@daily', start_date={str(FIRST)!r}, end_date={str(last)!r}, catchup=True"
    )
    seed = random.randrange(1000)
    moments = random.Random(seed)
    for _ in range(2):
        listener = _start(pipelines.project.root)
        assert listener.stdout is not None
        assert listener.stdout.readline() == "started\n", seed
        time.sleep(moments.uniform(0, 4))  # Between the decision and any state of its runs.
        listener.kill()
        listener.communicate()
    listener = _start(pipelines.project.root)
    listener.communicate()
    dates = [FIRST + timedelta(days=days) for days in range(DATES)]
    states = [[run_state(run) for run in _ended(name, date)] for date in dates]
    assert states == [["success"]] * DATES, f"seed {seed}"
    assert Journal().of_files([pipelines.project.root / "pipelines/past.py"]) == []


def _start(root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _LISTEN, str(root)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


def _ended(name: str, date: datetime) -> list[Any]:
    """The runs of a date, once none of them goes on: a killed listener leaves its runs at work."""
    while True:
        runs = runs_at(name, date)
        if all(run.status.is_finished for run in runs):
            return list(runs)
        time.sleep(0.5)
