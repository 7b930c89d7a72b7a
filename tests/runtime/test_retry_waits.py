"""Waits before retries, in a pipeline that retries."""

from __future__ import annotations

import logging
import re
from datetime import datetime, timezone
from pathlib import Path

import pytest
from zenml import get_step_context, pipeline, step
from zenml.config.retry_config import StepRetryConfig

from runtime import launch
from runtime.context import RunContext
from runtime.retry_waits import DAY_SECONDS, retry_delay, wait_before_retry
from runtime.schedule import DagSchedule

RETRY = StepRetryConfig(max_retries=3, delay=0, backoff=1)


def wait_shortly() -> None:
    """Wait as an emitted `on_start` hook does."""
    wait_before_retry(delay_seconds=60, max_delay_seconds=0.25)


@step(enable_cache=False)
def third_time_lucky() -> None:
    """Fail twice."""
    if get_step_context().step_run.version < 3:
        raise ValueError("not yet")


@pipeline(name="waits-before-retries", enable_cache=False)
def retrying(run: RunContext) -> None:
    """One step with retries."""
    third_time_lucky.with_options(retry=RETRY, on_start=wait_shortly)()


def test_a_hook_waits_before_each_retry(
    zenml_store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "runtime.retry_waits")

    report = launch.start(
        retrying, DagSchedule(), logical_date=datetime(2024, 1, 1, tzinfo=timezone.utc)
    )

    assert report.state == "success"
    told = re.findall(r"Attempt (\d) begins in ([\d.]+) s", caplog.text)
    assert told == [("2", "0.25"), ("3", "0.25")]


def test_waits_have_limits() -> None:
    assert retry_delay(60, 10**6, "s", 600) == 600
    assert retry_delay(60, 10**6, "s", factor=1.5) == DAY_SECONDS
    assert 60 <= retry_delay(60, 1, "s") < 120
    assert 135 <= retry_delay(60, 3, "s", factor=1.5) < 270
