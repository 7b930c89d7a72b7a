"""Webhooks over real HTTP on the loopback interface."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timezone
from typing import Any

import httpx
import pytest
import uvicorn

from runtime.assets.store import events_of
from runtime.awaited import Awaited
from runtime.context import RunContext
from runtime.exceptions import LaunchError, ServeError
from runtime.runs import runs_at
from runtime.serving.app import LARGEST_BODY, create_app
from runtime.serving.server import find_pipelines, serve
from runtime.serving.signing import (
    SECRET_VARIABLES,
    SignatureError,
    SignedRequest,
    check,
    secrets_of_environment,
)
from runtime.serving.work import Work
from tests.runtime.listening.conftest import Pipelines  # type: ignore[import-not-found, unused-ignore]
from tests.runtime.listening.in_process import InProcess  # type: ignore[import-not-found, unused-ignore]

SECRET = "a secret of more than sixteen characters"
DATE = "2024-03-01T04:00:00+00:00"


class Receiver:
    """A receiver, and a client that signs as the documentation says."""

    def __init__(self, work: Work, processes: InProcess, **options: Any) -> None:
        self.processes = processes
        app = create_app(work, [SECRET, "x" * 16], **options)
        config = uvicorn.Config(app, port=0, log_level="warning")
        self._socket = config.bind_socket()
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],))
        self._thread.start()
        self.client = httpx.Client(
            base_url=f"http://127.0.0.1:{self._socket.getsockname()[1]}", timeout=60
        )
        while not self._server.started:
            time.sleep(0.01)

    def close(self) -> None:
        """End the server."""
        self.client.close()
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()

    def post(
        self,
        path: str,
        body: Any,
        key: str | None = None,
        *,
        secret: str = SECRET,
        age: int = 0,
        **headers: str,
    ) -> httpx.Response:
        """Send a signed request."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        stamp, key = str(int(time.time()) - age), key or uuid.uuid4().hex
        signed = f"{stamp}\nPOST\n{path}\n{key}\n".encode() + content
        signature = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
        known = {
            "X-Timestamp": stamp,
            "Idempotency-Key": key,
            "X-Signature": f"sha256={signature}",
        }
        sent = httpx.Headers(known | headers, encoding="latin-1")
        return self.client.post(path, content=content, headers=sent)


@pytest.fixture
def receiver(pipelines: Pipelines) -> Iterator[Receiver]:
    """A receiver for one pipeline, `asked`."""
    pipelines.write("asked", body="return str(current_run().conf)")
    processes = InProcess()
    one = Receiver(Work(find_pipelines(pipelines.project.root), processes, jobs=2), processes)
    yield one
    one.close()


def error(response: httpx.Response) -> tuple[int, str]:
    """Status and code; every error is an object with a text."""
    told = response.json()["error"]
    assert told["message"]
    return response.status_code, told["code"]


def test_a_run_is_started_once(receiver: Receiver, pipelines: Pipelines) -> None:
    name = pipelines.name("asked")
    path, body = f"/v1/pipelines/{name}/runs", {"logical_date": DATE, "conf": {"a": 1}}
    key = uuid.uuid4().hex
    first = receiver.post(path, body, key)
    assert first.status_code == 202
    told = {"run_id": f"manual__{DATE}", "logical_date": DATE}
    assert first.json() == {"dag_id": name, **told, "state": "started"}
    again = receiver.post(path, body, key)
    assert (again.status_code, again.json()["state"]) == (200, "exists")
    assert error(receiver.post(path, {"conf": {"a": 2}}, key)) == (409, "key")
    receiver.processes.run_all()
    # After its end, and for another process, it is still the same run.
    assert receiver.post(path, body, key).json() == {**told, "state": "exists"}
    assert error(receiver.post(path, {"conf": {"a": 2}}, key)) == (409, "key")
    assert error(receiver.post(path, body)) == (409, "exists")
    (run,) = runs_at(name, datetime.fromisoformat(DATE))
    assert RunContext.model_validate(run.config.parameters["run"]).conf == {"a": 1}


def test_only_so_many_runs_at_one_time(receiver: Receiver, pipelines: Pipelines) -> None:
    path = f"/v1/pipelines/{pipelines.name('asked')}/runs"
    for _ in range(2):
        assert receiver.post(path, {}).status_code == 202
    busy = receiver.post(path, {})
    assert error(busy) == (503, "busy") and busy.headers["Retry-After"] == "30"
    receiver.processes.fail_all()
    assert receiver.post(path, {}).status_code == 202


def test_states_of_upstream_runs(
    receiver: Receiver, in_step: Callable[[Callable[[], Any]], Any]
) -> None:
    dag_id, date = f"elsewhere-{uuid.uuid4().hex[:8]}", datetime.fromisoformat(DATE)
    path = f"/v1/upstreams/{dag_id}/states"
    waited = Awaited(dag_id, date)
    assert in_step(waited.states) == [None]
    body = {"logical_date": "2024-03-01T05:00:00+01:00", "state": "running"}
    assert receiver.post(path, body).json() == {"dag_id": dag_id, "state": "noted"}
    assert in_step(waited.states) == ["running"]
    tasks = {"load": "success", "g.one": "failed"}
    ended = {**body, "state": "success", "tasks": tasks}
    assert receiver.post(path, ended, "the-end").status_code == 200
    assert receiver.post(path, {**body, "state": "failed"}, "the-end").status_code == 200
    assert in_step(waited.states) == ["success"]
    assert in_step(Awaited(dag_id, date, ("load", "other")).states) == ["success", None]
    assert in_step(Awaited(dag_id, date, group="g").states) == ["failed"]
    assert in_step(Awaited(dag_id, date.replace(day=2)).states) == [None]


def test_updates_of_assets(receiver: Receiver) -> None:
    uri = f"s3://{uuid.uuid4().hex}/orders"
    body = {"uri": f"{uri}/", "extra": {"rows": 3}}
    first = receiver.post("/v1/assets/events", body, "one-update")
    assert first.status_code == 200 and first.json()["uri"] == uri
    assert receiver.post("/v1/assets/events", body, "one-update").json() == first.json()
    (event,) = events_of([uri], None, datetime.now(timezone.utc))
    assert event.extra == {"rows": 3} and event.source is None


@pytest.mark.parametrize(
    ("options", "body", "expected"),
    [
        ({"secret": "another secret that is not known"}, {}, (401, "signature")),
        ({"age": 301}, {}, (401, "signature")),
        ({"age": -301}, {}, (401, "signature")),
        ({"X-Signature": "sha256=\xe9"}, {}, (401, "signature")),
        ({"X-Timestamp": "soon"}, {}, (401, "signature")),
        ({"key": "two words"}, {}, (401, "signature")),
        ({}, b"{", (422, "body")),
        ({}, [], (422, "body")),
        ({}, {"logical_date": "2024-03-01T00:00:00"}, (422, "body")),
        ({}, {"run_id": "../x"}, (422, "body")),
        ({}, {"unknown": 1}, (422, "body")),
        ({}, b" " * (LARGEST_BODY + 1), (413, "size")),
    ],
)
def test_requests_that_are_refused(
    receiver: Receiver, pipelines: Pipelines, options: dict[str, Any], body: Any, expected: Any
) -> None:
    path = f"/v1/pipelines/{pipelines.name('asked')}/runs"
    assert error(receiver.post(path, body, **options)) == expected
    assert receiver.processes.orders == {}


def test_a_run_whose_process_does_not_start_is_not_known(
    receiver: Receiver, pipelines: Pipelines, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more_processes(name: str, order: Any) -> None:
        raise OSError("no more processes")

    path, key = f"/v1/pipelines/{pipelines.name('asked')}/runs", uuid.uuid4().hex
    with monkeypatch.context() as patch:
        patch.setattr(receiver.processes, "start", no_more_processes)
        assert error(receiver.post(path, {"logical_date": DATE}, key)) == (500, "internal")
    assert receiver.post(path, {"logical_date": DATE}, key).json()["state"] == "started"


def test_a_body_that_does_not_come() -> None:
    processes = InProcess()
    one = Receiver(Work({}, processes, jobs=1), processes, body_seconds=0.05)
    try:
        address = ("127.0.0.1", one.client.base_url.port or 0)
        with socket.create_connection(address, timeout=60) as connection:
            connection.sendall(
                b"POST /v1/assets/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{"
            )
            answer = connection.makefile("rb").read()  # The receiver closes the connection.
    finally:
        one.close()
    assert answer.startswith(b"HTTP/1.1 408 ") and b"did not come within 0.05 s" in answer


def test_a_line_break_in_the_path_is_refused() -> None:
    """Else one text could be signed for two requests."""
    stamp, body = str(int(time.time())), b"}"
    signed = SignedRequest("POST", "/a", b"{\n}", stamp, "key")
    headers = {
        "x-timestamp": stamp,
        "idempotency-key": "{",
        "x-signature": signed.signature(SECRET),
    }
    with pytest.raises(SignatureError, match="control characters"):
        check(headers, "POST", "/a\nkey", body, [SECRET], time.time())


def test_what_is_not_there(receiver: Receiver) -> None:
    assert error(receiver.post("/v1/pipelines/..%2F..%2Fetc/runs", {}))[0] in (401, 404)
    assert error(receiver.post("/v1/pipelines/other/runs", {})) == (404, "pipeline")
    assert error(receiver.post("/v1/upstreams/a%20b/states", {}))[0] in (401, 422)
    for path in ("/", "/docs", "/openapi.json", "/v1/pipelines"):
        assert error(receiver.client.get(path)) == (404, "http")
    assert error(receiver.client.get("/v1/assets/events")) == (405, "http")
    assert receiver.client.get("/health").json() == {"status": "ok"}


def test_the_secret_before_counts_too(receiver: Receiver, pipelines: Pipelines) -> None:
    path = f"/v1/pipelines/{pipelines.name('asked')}/runs"
    assert receiver.post(path, {}, secret="x" * 16).status_code == 202


def test_secrets_come_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, pipelines: Pipelines
) -> None:
    first, before = SECRET_VARIABLES
    with pytest.raises(ServeError, match="Set RUNTIME_WEBHOOK_SECRET"):
        secrets_of_environment({})
    with pytest.raises(ServeError, match="16 characters"):
        secrets_of_environment({first: "short"})
    assert secrets_of_environment({before: SECRET, first: "y" * 16}) == ["y" * 16, SECRET]
    monkeypatch.setenv(first, SECRET)
    with pytest.raises(LaunchError, match="has no pipelines"):
        serve(pipelines.project.root, host="127.0.0.1", port=0, jobs=1, on_start=print)
