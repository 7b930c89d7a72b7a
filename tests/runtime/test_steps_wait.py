"""`wait_for_pipeline` against runs in a real ZenML store."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from zenml import pipeline, step

from runtime import launch
from runtime.context import RunContext, current_run
from runtime.exceptions import (
    ExternalPipelineNotFoundError,
    ExternalRunFailedError,
    SkipTask,
    WaitTimeoutError,
)
from runtime.schedule import DagSchedule
from runtime.steps import do_nothing, wait_for_pipeline

InStep = Callable[[Callable[[], Any]], Any]
SCHEDULE = DagSchedule(cron="0 2 * * *")
DAY = datetime(2024, 1, 2, 2, tzinfo=timezone.utc)


@step(enable_cache=False)
def fail_in_2023() -> None:
    """Fail for old dates."""
    if current_run().logical_date.year == 2023:
        raise ValueError("too old")


@pipeline(name="upstream-of-wait", enable_cache=False)
def upstream(run: RunContext) -> None:
    """Two tasks, of which the second may fail."""
    do_nothing(id="first")
    fail_in_2023(id="second", after=["first"])


@pytest.fixture(scope="module")
def upstream_name(zenml_store: Path) -> str:
    """A pipeline that succeeded on 1 and 2 January 2024 and failed on 31 December 2023."""
    for days in (0, -1, -2):
        launch.start(upstream, SCHEDULE, logical_date=DAY + timedelta(days=days))
    return upstream.name


def wait(name: str, **options: Any) -> Callable[[], None]:
    """A wait that does not take long."""
    options = {"timeout_seconds": 0.3, "poke_interval_seconds": 0.1, **options}
    return lambda: wait_for_pipeline(name, **options)


def test_same_logical_date(in_step: InStep, upstream_name: str) -> None:
    assert in_step(wait(upstream_name)) is None


def test_execution_delta_looks_at_an_earlier_date(in_step: InStep, upstream_name: str) -> None:
    day = 24 * 3600
    in_step(wait(upstream_name, execution_delta_seconds=day, task_id=["first", "second"]))
    with pytest.raises(WaitTimeoutError, match="2023-12-31T02:00:00"):
        in_step(wait(upstream_name, execution_delta_seconds=2 * day))


def test_success_of_another_date_does_not_count(in_step: InStep, upstream_name: str) -> None:
    with pytest.raises(WaitTimeoutError, match="2024-01-02T01:00:00.*whose state is \\[None\\]"):
        in_step(wait(upstream_name, execution_delta_seconds=3600))


def test_task_of_a_failed_run(in_step: InStep, upstream_name: str) -> None:
    two_days = 48 * 3600
    in_step(wait(upstream_name, task_id="first", execution_delta_seconds=two_days))
    failed = {"execution_delta_seconds": two_days, "failed_states": ["failed"]}
    with pytest.raises(ExternalRunFailedError, match="tasks second"):
        in_step(wait(upstream_name, task_id="second", **failed))
    with pytest.raises(ExternalRunFailedError):
        in_step(wait(upstream_name, **failed))
    with pytest.raises(SkipTask, match="tasks second"):
        in_step(wait(upstream_name, task_id="second", soft_fail=True, **failed))
    in_step(
        wait(upstream_name, execution_delta_seconds=two_days, allowed_states=["failed", "success"])
    )


def test_skipped_states(in_step: InStep, upstream_name: str) -> None:
    options = {"allowed_states": ["failed"], "skipped_states": ["success"]}
    with pytest.raises(SkipTask, match="was skipped"):
        in_step(wait(upstream_name, **options))


def test_soft_fail_skips_on_timeout(in_step: InStep) -> None:
    with pytest.raises(SkipTask, match="in vain, which is more than its timeout of 0.3 s"):
        in_step(wait("no-such-pipeline", soft_fail=True))


def test_state_may_have_one_meaning_only(in_step: InStep, upstream_name: str) -> None:
    with pytest.raises(ValueError, match="in two of"):
        in_step(wait(upstream_name, failed_states=["success"]))


def test_existence_is_checked_on_request(in_step: InStep, upstream_name: str) -> None:
    with pytest.raises(ExternalPipelineNotFoundError, match="no pipeline 'no-such-{1}pipeline'"):
        in_step(wait("no-such-pipeline", check_existence=True))
    with pytest.raises(ExternalPipelineNotFoundError, match="no task third.*first, second"):
        in_step(wait(upstream_name, task_id="third", check_existence=True))
    in_step(wait(upstream_name, task_id="first", check_existence=True))


@step(enable_cache=False)
def wait_for_file(path: str) -> None:
    """Go on when the file exists."""
    while not Path(path).exists():
        time.sleep(0.05)


@pipeline(name="slow-upstream", enable_cache=False)
def slow_upstream(run: RunContext, path: str) -> None:
    """Runs as long as the test wants."""
    wait_for_file(path, id="slow")


def test_run_that_is_under_way_is_awaited(in_step: InStep, tmp_path: Path, run: RunContext) -> None:
    from runtime.runs import run_tags

    upstream_run = run.model_copy(update={"dag_id": "slow-upstream"})
    done = tmp_path / uuid.uuid4().hex
    configured = slow_upstream.with_options(tags=run_tags(upstream_run))
    thread = threading.Thread(target=configured, kwargs={"run": upstream_run, "path": str(done)})
    finish = threading.Timer(3, done.touch)
    thread.start()
    finish.start()
    try:
        in_step(wait("slow-upstream", timeout_seconds=60, poke_interval_seconds=0.2))
        assert done.exists()
    finally:
        thread.join()
