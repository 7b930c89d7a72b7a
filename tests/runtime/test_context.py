"""The run context, in and out of a ZenML run."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path

import pytest
from zenml import pipeline, step

from runtime.context import RunContext, current_run, running_dag_id, task_id
from runtime.exceptions import ContextError

DAY = datetime(2024, 1, 2, tzinfo=timezone.utc)
RUN = RunContext(
    dag_id="context-probe",
    run_id="scheduled__2024-01-02T00:00:00+00:00",
    run_type="scheduled",
    logical_date=DAY,
    data_interval_start=DAY,
    data_interval_end=datetime(2024, 1, 3, tzinfo=timezone.utc),
    params={"tenures": [6, 12], "nested": {"a": None}},
)


@step
def read_context() -> list[str]:
    """Give back what the step sees."""
    return [current_run().model_dump_json(), task_id(), running_dag_id() or ""]


@step
def read_without_parameter() -> str:
    """Give back the error of a pipeline without run context."""
    with pytest.raises(ContextError) as caught:
        current_run()
    return str(caught.value)


@pipeline(name="context-probe", enable_cache=False)
def probe(run: RunContext) -> None:
    """Read the context in a step."""
    read_context(id="read")


@pipeline(name="context-less", enable_cache=False)
def without_parameter() -> None:
    """Read a context that is not there."""
    read_without_parameter(id="read")


def test_step_reads_the_pipelines_run_context(zenml_store: Path) -> None:
    finished = probe(run=RUN)
    assert finished is not None
    dumped, task, dag = finished.steps["read"].output.load()
    assert RunContext.model_validate_json(dumped) == RUN
    assert (task, dag) == ("read", "context-probe")


def test_pipeline_without_run_parameter_is_told_what_to_do(zenml_store: Path) -> None:
    finished = without_parameter()
    assert finished is not None
    message = finished.steps["read"].output.load()
    assert "has no parameter `run`" in message
    assert "run: RunContext" in message


def test_outside_of_a_step_there_is_no_run() -> None:
    with pytest.raises(ContextError, match="no running ZenML step"):
        current_run()
    with pytest.raises(ContextError, match="no running ZenML step"):
        task_id()
    assert running_dag_id() is None
