"""Airflow's hooks for HTTP, Slack and commands, against a server on loopback."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from runtime.exceptions import AlertError, CommandFailedError, HttpRequestError
from runtime.hooks import (
    HttpHook,
    SlackAPIPostOperator,
    SlackHook,
    SlackWebhookHook,
    SlackWebhookOperator,
    SubprocessHook,
)
from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]
from tests.runtime.web import Answer, Request, Web, web

InStep = Callable[[Callable[[], Any]], Any]


class Bearer(requests.auth.AuthBase):
    """A token of user and password."""

    def __init__(self, login: str = "", password: str = "") -> None:
        self.token = f"{login}-{password}"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


def answer(request: Request) -> Answer:
    """Slack's answers, an echo of anything else."""
    if request.path.startswith("/api/"):
        return 200, json.dumps({"ok": not request.path.endswith("refused"), "error": "no"})
    if request.path.endswith("/missing"):
        return 404, "no such thing"
    return 200, request.body


@pytest.fixture
def server(emitted_project: EmittedProject) -> Iterator[Web]:
    with web(answer) as found:
        base = f"http://127.0.0.1:{found.port}"
        http = {"type": "http", "host": base}
        connections = {
            "plain": http,
            "signed": {**http, "user": "me", "password": "secret"},
            "hook": {"type": "slack", "host": f"{base}/services", "password": "T/B/x"},
            "bot": {"type": "slack", "password": "xoxb", "extra": {"base_url": f"{base}/api"}},
        }
        emitted_project.configure(
            "probe_dag", {"pipeline": "probe-dag", "connections": connections}
        )
        yield found


def test_http(in_step: InStep, server: Web) -> None:
    def work() -> list[Any]:
        HttpHook("get", "plain").run("a", {"q": "1"}, headers={"X-A": "b"})
        HttpHook(http_conn_id="signed").run("/b", data="text")
        HttpHook("PUT", "signed", auth_type=Bearer).run("c", json={"a": 1})
        HttpHook("DELETE", "plain", auth_type=Bearer).run("d")
        lenient = HttpHook("GET", "plain").run("missing", extra_options={"check_response": False})
        with pytest.raises(HttpRequestError, match="404"):
            HttpHook("GET", "plain").run("missing")
        return [lenient.status_code]

    assert in_step(work) == [404]
    first, second, third, fourth = server.requests[:4]
    assert (first.method, first.path, first.query) == ("GET", "/a", {"q": "1"})
    assert first.headers["X-A"] == "b"
    assert (second.method, second.path, second.body) == ("POST", "/b", "text")
    assert second.headers["Authorization"].startswith("Basic ")
    assert (third.method, json.loads(third.body)) == ("PUT", {"a": 1})
    assert third.headers["Authorization"] == "Bearer me-secret"
    assert fourth.headers["Authorization"] == "Bearer -"


def test_webhooks(in_step: InStep, server: Web) -> None:
    def work() -> Any:
        hook = SlackWebhookHook(slack_webhook_conn_id="hook")
        hook.send_text("one")
        hook.send_dict({"text": "two", "extra": 1}, headers={"X-A": "b"})
        SlackWebhookHook("hook", webhook_token="T/B/other", message="three").execute()
        SlackWebhookOperator(
            task_id="t", http_conn_id="hook", message="{{ four }}", username="airflow", dag=None
        ).execute(context={})
        return hook.send(text="five", blocks=[{"type": "divider"}], unfurl_links=False)

    response = in_step(work)
    assert response.status_code == 200
    assert json.loads(response.body)["text"] == "five"
    bodies = [json.loads(request.body) for request in server.requests]
    assert bodies == [
        {"text": "one"},
        {"text": "two", "extra": 1},
        {"text": "three"},
        {"text": "{{ four }}", "username": "airflow"},
        {"text": "five", "blocks": [{"type": "divider"}], "unfurl_links": False},
    ]
    paths = [request.path for request in server.requests]
    assert paths[0] == "/services/T/B/x"
    assert paths[2] == "/services/T/B/other"
    assert server.requests[1].headers["X-A"] == "b"


def test_the_api_of_slack(in_step: InStep, server: Web) -> None:
    def work() -> Any:
        SlackAPIPostOperator(task_id="t", text="x", channel="#a", slack_conn_id="bot").execute()
        with pytest.raises(AlertError, match="did not take refused: no"):
            SlackHook("bot").call("refused", data={"a": 1})
        return SlackHook("bot").call("chat.update", json={"a": 1}, params={"b": "2"})

    assert in_step(work) == {"ok": True, "error": "no"}
    posted, refused, updated = server.requests
    assert posted.path == "/api/chat.postMessage"
    assert posted.headers["Authorization"] == "Bearer xoxb"
    assert json.loads(posted.body) == {
        "channel": "#a",
        "username": "Airflow",
        "text": "x",
        "attachments": [],
        "blocks": [],
    }
    assert refused.body == "a=1"
    assert (updated.query, json.loads(updated.body)) == ({"b": "2"}, {"a": 1})


def test_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNOWN", "here")
    show = "import os; print('first'); print(os.environ.get('KNOWN'), os.getcwd())"

    result = SubprocessHook().run_command([sys.executable, "-c", f"{show}; raise SystemExit(3)"])
    empty = SubprocessHook().run_command([sys.executable, "-c", show], env={}, cwd="/")

    assert result.exit_code == 3
    assert re.fullmatch(r"here .*/airflowtmp\w+", result.output)
    assert empty == (0, "None /")
    with pytest.raises(CommandFailedError):
        SubprocessHook().run_command(["no-such-program-at-all"])
