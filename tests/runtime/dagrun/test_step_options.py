"""What a step was configured with, inside of a dynamic pipeline and outside."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

from runtime import launch
from runtime.dagrun.step_options import option_of
from runtime.schedule import DagSchedule
from tests.runtime import endings

DAY = datetime(2024, 1, 3, tzinfo=timezone.utc)


def test_what_is_not_said_is_none() -> None:
    assert option_of(endings.skips, "success_hook_source") is None


def test_a_skip_calls_back_once_and_no_success(zenml_store: Path) -> None:
    endings.TOLD.clear()
    report = launch.start(endings.endings_dag, DagSchedule(), logical_date=DAY)
    assert {name: task.state for name, task in report.tasks.items()} == {
        "skips": "skipped",
        "own": "skipped",
        "works": "success",
        "cannot[0]": "failed",
        "nothing": "success",
    }
    assert sorted(endings.TOLD) == [
        ("failure", "cannot[0]"),
        ("own skip", "own"),
        ("own success", "nothing"),
        ("skipped", "skips"),
        ("success", "works"),
    ]
