"""Handing a pipeline to an orchestrator's scheduler, through ZenML's real stack and compiler."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from zenml import pipeline

from runtime import launch
from runtime.context import RunContext
from runtime.exceptions import LaunchError
from runtime.schedule import DagSchedule
from runtime.steps import do_nothing

START = datetime(2024, 1, 1, tzinfo=timezone.utc)


@pipeline(name="attached-dag", enable_cache=False)
def attached(run: RunContext) -> None:
    """One step."""
    do_nothing(id="only")


@pytest.fixture
def schedules(zenml_store: Path) -> Iterator[list[Any]]:
    """What the active orchestrator, which can schedule, was handed."""
    from zenml.client import Client
    from zenml.enums import StackComponentType

    from tests.runtime import recording_orchestrator

    client = Client()
    orchestrator = StackComponentType.ORCHESTRATOR
    if not client.list_flavors(name="recording").items:
        client.create_flavor(
            source="tests.runtime.recording_orchestrator.RecordingFlavor",
            component_type=orchestrator,
        )
        client.create_stack_component("recorder", "recording", orchestrator, configuration={})
        client.create_stack(
            "recording",
            {orchestrator: "recorder", StackComponentType.ARTIFACT_STORE: "default"},
        )
    active = client.active_stack_model.name
    client.activate_stack("recording")
    recording_orchestrator.submitted.clear()
    yield recording_orchestrator.submitted
    client.activate_stack(active)


def test_cron_schedule_is_attached(schedules: list[Any]) -> None:
    name = launch.attach_schedule(
        attached, DagSchedule(cron="0 2 * * *", start_date=START, catchup=True)
    )
    (snapshot,) = schedules
    assert snapshot.schedule.name == name
    assert snapshot.schedule.cron_expression == "0 2 * * *"
    assert snapshot.schedule.start_time.replace(tzinfo=timezone.utc) == START
    assert snapshot.schedule.catchup is False
    run = RunContext.model_validate(snapshot.pipeline_configuration.parameters["run"])
    assert run.schedule == DagSchedule(cron="0 2 * * *", start_date=START, catchup=True)


def test_interval_is_attached(schedules: list[Any]) -> None:
    launch.attach_schedule(attached, DagSchedule(every_seconds=3600))
    assert schedules[0].schedule.interval_second == timedelta(hours=1)


@pytest.mark.parametrize(
    ("schedule", "message"),
    [
        (DagSchedule(), "has no period"),
        (DagSchedule(cron="0 2 * * *", timezone="Europe/Brussels"), "counts in Europe/Brussels"),
        (DagSchedule(events=[START]), "more than that"),
        (DagSchedule(cron=["0 2 * * *", "0 3 * * *"], trigger=True), "more than that"),
    ],
)
def test_what_zenml_cannot_express(
    schedules: list[Any], schedule: DagSchedule, message: str
) -> None:
    with pytest.raises(LaunchError, match=message):
        launch.attach_schedule(attached, schedule)
    assert schedules == []
