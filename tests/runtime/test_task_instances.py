"""The task instances of the run, as callables and callbacks see them."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest

from runtime import launch
from runtime.context import RunContext
from runtime.exceptions import ContextError
from runtime.schedule import DagSchedule
from runtime.task_instances import task_instances
from tests.runtime import looking

DAY = datetime(2024, 1, 2, tzinfo=timezone.utc)


def test_a_task_and_callbacks_see_the_states(zenml_store: Path) -> None:
    looking.SEEN.clear()
    report = launch.start(looking.looking_dag, DagSchedule(), logical_date=DAY)
    seen = looking.SEEN
    assert report.state == "failed"
    assert seen["all"] == {
        ("fails", -1): "failed",
        ("blocked", -1): "upstream_failed",
        ("mapped", 0): "success",
        ("mapped", 1): "success",
        ("looks", -1): "running",
        ("last", -1): None,
    }
    run = "manual__2024-01-02T00:00:00+00:00"
    assert seen["failed"] == [
        f"<TaskInstance: looking_dag.fails {run} [failed]>",
        f"<TaskInstance: looking_dag.last {run} [None]>",
    ]
    assert seen["one"] == ("failed", 1, True)
    assert seen["log"]
    assert (*seen["blocked"], seen["blocked log"]) == (None, None, None, 0, "")
    assert (seen["instance"], seen["nobody"]) == ("success", None)
    assert seen["own"] == ("running", None, None, None)
    assert seen["failure"] == ("failed", "failed", True)
    assert seen["success"] == ("success", True, True)
    assert seen["end"] == ("failed", True, ["fails", "last"])


def test_without_a_scheduler_the_steps_tell(zenml_store: Path) -> None:
    report = launch.start(looking.static_dag, DagSchedule(), logical_date=DAY)
    assert report.tasks["looks"].xcom["return_value"] == ["first: success", "looks: running"]


def test_outside_of_a_run_there_is_nothing_to_see(run: RunContext) -> None:
    with pytest.raises(ContextError, match="There is no run here"):
        task_instances(run)
