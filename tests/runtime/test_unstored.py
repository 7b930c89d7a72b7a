"""Results that cannot be stored."""

from __future__ import annotations

import logging

import pytest

from runtime.launch import run_file
from tests.conftest import EmittedProject

PIPELINE = """
from zenml import pipeline, step
from runtime.context import RunContext
from runtime.schedule import DagSchedule

SCHEDULE = DagSchedule(start_date="2024-01-01")

@step
def numbers():
    return (number for number in [1, 2])

@step
def broken() -> None:
    raise ValueError("own")

@pipeline(name="unstored", enable_cache=False)
def unstored(run: RunContext) -> None:
    numbers(id="numbers")
    broken(id="broken")
"""


def test_the_task_and_the_remedy_are_named(
    runnable_project: EmittedProject, caplog: pytest.LogCaptureFixture
) -> None:
    file = runnable_project.write("pipelines/unstored.py", PIPELINE)

    with caplog.at_level(logging.ERROR, "runtime.unstored"):
        report = run_file(file)

    assert {name: task.state for name, task in report.tasks.items()} == {
        "numbers": "failed",
        "broken": "failed",
    }
    told = [one.getMessage() for one in caplog.records if one.name == "runtime.unstored"]
    assert len(told) == 1
    assert "The task 'numbers' failed, though its code did not" in told[0]
    assert "Return plain data" in told[0]
