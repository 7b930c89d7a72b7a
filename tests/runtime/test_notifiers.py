"""E-mails and Slack messages from hooks, against servers on the loopback interface."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from runtime.callbacks import callback_context, failure_context
from runtime.exceptions import AlertError, EmailError
from runtime.notifiers import email_alert, notify_by_email, notify_slack, notify_slack_webhook
from runtime.steps import send_slack_message, send_slack_webhook
from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]
from tests.runtime.receivers import SmtpReceiver, smtp_receiver
from tests.runtime.web import Answer, Request, Web, web

InStep = Callable[[Callable[[], Any]], Any]
ERROR = ValueError("disk <full>\nof data")


def configure(project: EmittedProject, **settings: Any) -> None:
    project.configure("probe_dag", {"pipeline": "probe-dag", **settings})


@pytest.fixture
def mails(emitted_project: EmittedProject) -> Iterator[SmtpReceiver]:
    with smtp_receiver() as receiver:
        server = {"host": "127.0.0.1", "port": receiver.port, "starttls": False}
        configure(emitted_project, email={**server, "sender": "airflow@x.org"})
        yield receiver


def test_email_about_a_failure(in_step: InStep, mails: SmtpReceiver) -> None:
    in_step(lambda: email_alert(ERROR, to="a@x.org; b@x.org"))

    ((sender, everyone, text),) = mails.messages
    assert (sender, everyone) == ("airflow@x.org", ["a@x.org", "b@x.org"])
    unfolded = re.sub(r"\r?\n ", " ", text)
    name = "probe-dag.probe-task scheduled__2024-01-02T02:00:00+00:00 [failed]"
    assert f"Subject: Airflow alert: <TaskInstance: {name}>" in unfolded
    assert "Try 1 out of 1<br>" in text
    assert "ValueError: disk &lt;full&gt;<br>of data" in text


def test_an_email_that_cannot_be_sent_is_logged(
    in_step: InStep, emitted_project: EmittedProject, caplog: pytest.LogCaptureFixture
) -> None:
    configure(emitted_project, email={"host": "127.0.0.1", "port": 1})

    in_step(lambda: email_alert(ERROR, to="a@x.org"))

    assert (
        "runtime.notifiers.email_alert of 'probe-dag' failed: The mail server 127.0.0.1:1"
        in caplog.text
    )
    with pytest.raises(EmailError):
        in_step(lambda: notify_by_email(failure_context(ERROR), to="a@x.org"))


def test_smtp_notifier(in_step: InStep, mails: SmtpReceiver) -> None:
    def tell() -> None:
        notify_by_email(failure_context(ERROR), to=["a@x.org"], bcc="{{ ds }}@x.org")
        notify_by_email(
            callback_context(),
            to="a@x.org",
            from_email="me@x.org",
            subject="{{ ti.task_id }} of {{ ds }}",
            html_content="<p>{{ exception | default('fine') }}</p>",
        )

    in_step(tell)

    first, second = mails.messages
    assert first[1] == ["a@x.org", "2024-01-02@x.org"]
    assert "DAG probe-dag - Task probe-task" in first[2]
    assert second[0] == "me@x.org"
    assert "Subject: probe-task of 2024-01-02" in second[2]
    assert "<p>fine</p>" in second[2]


def answer(request: Request) -> Answer:
    if request.path == "/api/chat.postMessage":
        good = json.loads(request.body)["channel"] != "#absent"
        return 200, json.dumps({"ok": good, "error": None if good else "channel_not_found"})
    return (200, "ok") if request.path == "/services/T/secret" else (403, "invalid_token")


@pytest.fixture
def server(emitted_project: EmittedProject) -> Iterator[Web]:
    with web(answer) as server:
        here = f"http://127.0.0.1:{server.port}"
        away = {"type": "slack", "host": "http://127.0.0.1:1/services", "password": "T/secret"}
        split = {"type": "slack", "schema": "http", "host": "127.0.0.1", "port": server.port}
        connections = {
            "slack_api_default": {
                "type": "slack",
                "password": "xoxb-secret",
                "extra": {"base_url": f"{here}/api/"},
            },
            "slack_default": {**away, "host": f"{here}/services"},
            "whole": {"type": "slack", "password": f"{here}/services/T/secret"},
            "split": {**split, "password": "/services/T/wrong"},
            "away": away,
        }
        configure(emitted_project, connections=connections)
        yield server


def test_slack(in_step: InStep, server: Web) -> None:
    blocks = [{"type": "section", "text": "{{ exception }}"}]
    in_step(
        lambda: notify_slack(failure_context(ERROR), text="{{ ti.task_id }} failed", blocks=blocks)
    )

    (request,) = server.requests
    assert request.headers["Authorization"] == "Bearer xoxb-secret"
    assert json.loads(request.body) == {
        "text": "probe-task failed",
        "channel": "#general",
        "username": "Airflow",
        "attachments": [],
        "blocks": [{"type": "section", "text": str(ERROR)}],
    }
    with pytest.raises(AlertError, match="channel_not_found"):
        in_step(lambda: notify_slack(failure_context(ERROR), channel="#absent"))


def test_slack_webhook(in_step: InStep, server: Web) -> None:
    def tell(connection: str) -> None:
        notify_slack_webhook(callback_context(), "Done {{ ds }}", connection=connection)

    for name in ("slack_default", "whole"):
        in_step(lambda name=name: tell(name))  # type: ignore[misc]

    assert [request.path for request in server.requests] == ["/services/T/secret"] * 2
    assert json.loads(server.requests[0].body) == {"text": "Done 2024-01-02"}
    for name, error in {"split": "answered 403: invalid", "away": "reached: ConnectError"}.items():
        with pytest.raises(AlertError, match=error) as caught:
            in_step(lambda name=name: tell(name))  # type: ignore[misc]
        assert "secret" not in str(caught.value)


def test_slack_steps(in_step: InStep, server: Web) -> None:
    blocks = [{"type": "section", "text": "{{ ds }}"}]

    def tell() -> None:
        send_slack_message("Loaded {{ ds }}", channel="#data")
        send_slack_webhook("Loaded {{ ds }}", blocks=blocks)

    in_step(tell)

    message, hook = (json.loads(request.body) for request in server.requests)
    assert (message["text"], message["channel"]) == ("Loaded 2024-01-02", "#data")
    assert hook == {
        "text": "Loaded 2024-01-02",
        "blocks": [{"type": "section", "text": "2024-01-02"}],
    }
