"""incident.io alerts, sent over HTTP to a receiver of ours."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from zenml import pipeline, step
from zenml.config.retry_config import StepRetryConfig

from runtime import launch
from runtime.alerts import incident_io, incident_io_run, send_alert
from runtime.callables import airflow_context
from runtime.config import IncidentIoConfig
from runtime.context import RunContext
from runtime.exceptions import AlertError
from runtime.schedule import DagSchedule
from runtime.steps import do_nothing
from tests.conftest import EmittedProject
from tests.runtime.receivers import HttpReceiver, http_receiver

InStep = Callable[[Callable[[], Any]], Any]
TOKEN = "t0p-s3cret"


def config(receiver: HttpReceiver, **changes: Any) -> IncidentIoConfig:
    """A source of alerts at the receiver."""
    return IncidentIoConfig(
        source_config_id="01ABC", token=SecretStr(TOKEN), url=f"{receiver.url}/", **changes
    )


def test_hook_fires_an_alert_about_the_failed_step(
    in_step: InStep, emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERT_TOKEN", TOKEN)
    with http_receiver() as receiver:
        emitted_project.write(
            "configs/probe_dag.yaml",
            "alerts: {incident_io: {source_config_id: 01ABC, token: '${ALERT_TOKEN}', "
            f"url: '{receiver.url}'}}}}\n",
        )
        in_step(lambda: incident_io(ValueError("no rows")))
    (request,) = receiver.requests
    assert request["path"] == "/v2/alert_events/http/01ABC"
    assert request["token"] == f"Bearer {TOKEN}"
    metadata = request["body"].pop("metadata")
    assert request["body"] == {
        "title": "probe-dag: task probe-task failed",
        "description": "ValueError: no rows",
        "deduplication_key": "probe-dag/probe-task/2024-01-02T02:00:00+00:00",
        "status": "firing",
    }
    assert metadata["run_id"] == "scheduled__2024-01-02T02:00:00+00:00"
    assert metadata["try_number"] == 1


def test_an_alert_about_a_failed_run(
    in_step: InStep, emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERT_TOKEN", TOKEN)
    with http_receiver() as receiver:
        emitted_project.write(
            "configs/probe_dag.yaml",
            "alerts: {incident_io: {source_config_id: 01ABC, token: '${ALERT_TOKEN}', "
            f"url: '{receiver.url}'}}}}\n",
        )
        in_step(lambda: incident_io_run(airflow_context(reason="task_failure")))
    (request,) = receiver.requests
    metadata = request["body"].pop("metadata")
    assert request["body"] == {
        "title": "probe-dag: the run failed",
        "description": "task_failure",
        "deduplication_key": "probe-dag/2024-01-02T02:00:00+00:00",
        "status": "firing",
    }
    assert metadata["run_id"] == "scheduled__2024-01-02T02:00:00+00:00"


@step(enable_cache=False, retry=StepRetryConfig(max_retries=1, delay=0, backoff=1))
def fail() -> None:
    """Fail on every attempt."""
    raise ValueError("no rows")


@pipeline(name="alerting-dag", enable_cache=False, on_failure="runtime.alerts.incident_io")
def alerting(run: RunContext) -> None:
    """A step that fails; what is after it does not run."""
    fail(id="bad")
    do_nothing(id="after", after=["bad"])


def test_pipelines_hook_fires_once_after_the_last_attempt(
    zenml_store: Path, emitted_project: EmittedProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALERT_TOKEN", "t")
    with http_receiver() as receiver:
        emitted_project.write(
            "configs/base.yaml",
            f"alerts: {{incident_io: {{source_config_id: x, token: '${{ALERT_TOKEN}}', url: '{receiver.url}'}}}}\n",
        )
        report = launch.start(alerting, DagSchedule(cron="0 2 * * *"))
    states = {task: item.state for task, item in report.tasks.items()}
    assert states == {"bad": "failed", "after": "upstream_failed"}
    (request,) = receiver.requests
    assert request["body"]["title"] == "alerting-dag: task bad failed"
    assert request["body"]["metadata"]["try_number"] == 2


def test_failing_alert_does_not_hide_the_failure(
    zenml_store: Path, emitted_project: EmittedProject, caplog: pytest.LogCaptureFixture
) -> None:
    report = launch.start(alerting, DagSchedule(cron="0 2 * * *"))
    assert report.tasks["bad"].state == "failed"
    assert "no rows" in caplog.text
    ((callback, error),) = report.failed_callbacks.items()
    assert callback == "runtime.alerts.incident_io of bad"
    assert error.startswith("AlertError: There is no `alerts.incident_io` in the configuration")


def test_missing_configuration_is_logged_and_raises_nothing(
    in_step: InStep, emitted_project: EmittedProject, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="runtime.failed_callbacks"):
        in_step(lambda: incident_io(ValueError("no rows")))
    assert "There is no `alerts.incident_io` in the configuration" in caplog.text


def test_busy_service_is_asked_again() -> None:
    with http_receiver([(429, {"Retry-After": "0"}), (503, {}), (202, {})]) as receiver:
        send_alert({"title": "x"}, config(receiver))
    assert [request["body"] for request in receiver.requests] == [{"title": "x"}] * 3


def test_attempts_are_bounded_and_the_token_is_not_shown() -> None:
    with (
        http_receiver([(500, {"Retry-After": "0"})]) as receiver,
        pytest.raises(AlertError, match="answered 500: answer to Bearer \\*\\*\\*") as caught,
    ):
        send_alert({}, config(receiver, max_attempts=2))
    assert len(receiver.requests) == 2
    assert TOKEN not in str(caught.value)


def test_refusal_is_not_repeated() -> None:
    with http_receiver([(401, {})]) as receiver, pytest.raises(AlertError, match="answered 401"):
        send_alert({}, config(receiver))
    assert len(receiver.requests) == 1


def test_unreachable_service() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        receiver = HttpReceiver([], url=f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(AlertError, match="ConnectError"):
            send_alert({}, config(receiver, max_attempts=2))
