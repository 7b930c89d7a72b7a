"""Starting another pipeline of the project, as a process of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from zenml.client import Client

from runtime.exceptions import SkipTask, TriggerError
from runtime.report import run_report, run_state
from runtime.runs import runs_at
from runtime.steps import trigger_pipeline
from runtime.steps.trigger import wait_for_end
from runtime.triggering import Triggered
from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]

InStep = Callable[[Callable[[], Any]], Any]
CHILD = """
from zenml import pipeline, step
from runtime.context import RunContext, current_run

@step(enable_cache=False)
def work() -> str:
    run = current_run()
    if run.conf.get("fail"):
        raise ValueError("as the conf says")
    return f"{run.run_id} {run.run_type} {run.logical_date.isoformat()} {run.conf} {run.params}"

@pipeline(name="%s", enable_cache=False)
def child(run: RunContext) -> None:
    work(id="work")
"""
DATE = datetime(2024, 3, 1, 4, tzinfo=timezone.utc)
ISO = DATE.isoformat()


@pytest.fixture
def child(runnable_project: EmittedProject, monkeypatch: pytest.MonkeyPatch, request: Any) -> str:
    """The pipeline to start, under a name that no other test has."""
    name = f"child-of-{request.node.name}"
    runnable_project.write("pipelines/started.py", CHILD % name)
    monkeypatch.setenv("RUNTIME_PROJECT_ROOT", str(runnable_project.root))
    return name


def xcoms_of(name: str) -> list[Any]:
    """What the step `work` returned in each run of the date."""
    runs = [Client().get_pipeline_run(run.id) for run in runs_at(name, DATE)]
    return [run_report(run).tasks["work"].xcom["return_value"] for run in runs]


@pytest.mark.slow
def test_a_run_with_conf_and_date(in_step: InStep, child: str) -> None:
    day = "{{ macros.datetime(2024, 3, 1, 4) }}"
    options: dict[str, Any] = {"wait_for_completion": True, "poke_interval_seconds": 0.1}

    def start() -> None:
        trigger_pipeline(
            child, conf={"day": "{{ ds }}"}, logical_date=day, run_id="mine", **options
        )

    in_step(start)

    conf = {"day": "2024-01-02"}
    assert xcoms_of(child) == [f"mine manual {ISO} {conf} {conf}"]
    with pytest.raises(TriggerError, match="has the run .* already"):
        in_step(start)
    with pytest.raises(TriggerError, match="already"):
        in_step(lambda: trigger_pipeline(child, run_id="mine", **options))
    with pytest.raises(SkipTask, match="already"):
        in_step(lambda: trigger_pipeline(child, logical_date=ISO, skip_when_already_exists=True))
    # As in Airflow, a run that is repeated keeps its id and its conf.
    in_step(lambda: trigger_pipeline(child, "{}", logical_date=ISO, reset_run=True, **options))
    assert xcoms_of(child) == [f"mine manual {ISO} {conf} {conf}"] * 2


def test_failing_runs(in_step: InStep, child: str) -> None:
    def start() -> None:
        trigger_pipeline(child, '{"fail": true}', logical_date=ISO, wait_for_completion=True)

    with pytest.raises(TriggerError, match="ended as failed"):
        in_step(start)

    (run,) = runs_at(child, DATE)
    tag = next(tag.name for tag in run.tags if tag.name.startswith("triggered:"))
    started = Triggered(child, "any", DATE, token=tag.partition(":")[2])
    wait_for_end(started, allowed=["failed"], failed=["success"], interval=0.1)
    with pytest.raises(TriggerError, match="neither an allowed nor a failed state"):
        wait_for_end(started, allowed=["success"], failed=[], interval=0.1)


def test_without_waiting(in_step: InStep, child: str) -> None:
    in_step(lambda: trigger_pipeline(child, logical_date=ISO))

    while run_state(runs_at(child, DATE)[0]) not in ("success", "failed"):
        time.sleep(0.2)
    assert run_state(runs_at(child, DATE)[0]) == "success"


def test_what_cannot_be_started(
    in_step: InStep, child: str, runnable_project: EmittedProject
) -> None:
    with pytest.raises(TriggerError, match=f"no pipeline 'absent'.*{child}"):
        in_step(lambda: trigger_pipeline("absent"))
    broken = 'import nowhere\n@pipeline(name="broken")\ndef broken(): ...\n'
    runnable_project.write("pipelines/broken.py", broken)
    with pytest.raises(TriggerError, match="exit code 1.*error: .*nowhere"):
        in_step(lambda: trigger_pipeline("broken"))
