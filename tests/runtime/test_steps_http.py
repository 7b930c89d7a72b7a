"""HTTP requests and waits, against a server on the loopback interface."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from runtime.exceptions import CheckFailedError, HttpRequestError, WaitTimeoutError
from runtime.steps import send_http_request, wait_for_http
from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]
from tests.runtime.web import Answer, Request, Web, web

InStep = Callable[[Callable[[], Any]], Any]
HERE = "tests.runtime.test_steps_http"
AT_ONCE: dict[str, Any] = {"poke_interval_seconds": 0.05, "timeout_seconds": 0}


def answer(request: Request) -> Answer:
    """`/status/<n>` answers with that status; pages name the next one; others echo."""
    if request.path.startswith("/status/"):
        return int(request.path.rpartition("/")[2]), "as asked"
    if request.path == "/pages":
        page = int(request.query.get("page", "1"))
        return 200, json.dumps({"page": page, "next": page + 1 if page < 3 else None})
    return 200, json.dumps([request.method, request.query, request.body])


def is_echo(response: Any, ds: str) -> bool:
    return bool(response.json()[1] == {"day": ds})


def is_good(response: Any) -> bool:
    return bool(response.ok)


def body_of(response: Any) -> Any:
    return response.json()[2]


def next_page(response: Any) -> dict[str, Any] | None:
    following = response.json()["next"]
    return {"data": {"page": following}, "headers": {"X-Page": "more"}} if following else None


def pages_of(responses: list[Any]) -> list[int]:
    return [response.json()["page"] for response in responses]


@pytest.fixture
def server(emitted_project: EmittedProject) -> Iterator[Web]:
    with web(answer) as server:
        connection = {
            "type": "http",
            "host": "127.0.0.1",
            "port": server.port,
            "user": "me",
            "password": "secret",
            "extra": {"X-Team": "data", "timeout": 20},
        }
        settings = {"pipeline": "probe-dag", "connections": {"http_default": connection}}
        emitted_project.configure("probe_dag", settings)
        yield server


def test_post(in_step: InStep, server: Web) -> None:
    text = in_step(
        lambda: send_http_request(
            "exports/{{ ds }}", data="day={{ ds }}", headers={"X-Day": "{{ ds }}"}
        )
    )

    assert json.loads(text) == ["POST", {}, "day=2024-01-02"]
    (request,) = server.requests
    assert request.path == "/exports/2024-01-02"
    assert (request.headers["X-Day"], request.headers["X-Team"]) == ("2024-01-02", "data")
    assert request.headers["Authorization"].startswith("Basic ")


def test_methods_and_data(in_step: InStep, server: Web) -> None:
    def send(**options: Any) -> list[Any]:
        return json.loads(in_step(lambda: send_http_request("x", **options)))  # type: ignore[no-any-return]

    assert send(method="get", data={"a": "1"}) == ["GET", {"a": "1"}, ""]
    assert send(method="PUT", data={"a": "1"}) == ["PUT", {}, "a=1"]
    assert send(request_kwargs={"json": {"a": 1}})[2] == '{"a": 1}'
    assert in_step(lambda: send_http_request(method="HEAD", data={"a": "1"})) == ""
    assert server.requests[-1].query == {}


def test_errors(in_step: InStep, server: Web) -> None:
    with pytest.raises(HttpRequestError, match="404:Not Found") as caught:
        in_step(lambda: send_http_request("status/404"))
    assert caught.value.status == 404
    unchecked = {"check_response": False}
    assert in_step(lambda: send_http_request("status/500", options=unchecked)) == "as asked"


def test_a_server_that_is_not_there(in_step: InStep, emitted_project: EmittedProject) -> None:
    connection = {"type": "http", "host": "http://127.0.0.1:1"}
    settings = {"pipeline": "probe-dag", "connections": {"away": connection}}
    emitted_project.configure("probe_dag", settings)

    with pytest.raises(HttpRequestError, match="127.0.0.1:1/x: ConnectionError") as caught:
        in_step(lambda: send_http_request("/x", connection="away"))
    assert caught.value.status is None
    with pytest.raises(HttpRequestError):
        in_step(lambda: wait_for_http("/x", connection="away"))


def test_functions(in_step: InStep, server: Web) -> None:
    check = {"response_check": f"{HERE}.is_echo", "method": "GET"}
    in_step(lambda: send_http_request("x", data={"day": "{{ ds }}"}, log_response=True, **check))
    with pytest.raises(CheckFailedError, match="is_echo is false"):
        in_step(lambda: send_http_request("x", **check))
    body = in_step(lambda: send_http_request("x", data="abc", response_filter=f"{HERE}.body_of"))
    assert body == "abc"


def test_pages(in_step: InStep, server: Web) -> None:
    options: dict[str, Any] = {
        "method": "GET",
        "data": {"size": "9"},
        "pagination_function": f"{HERE}.next_page",
    }

    texts = in_step(lambda: send_http_request("pages", **options))
    numbers = in_step(
        lambda: send_http_request("pages", response_filter=f"{HERE}.pages_of", **options)
    )

    assert [json.loads(text)["page"] for text in texts] == numbers == [1, 2, 3]
    assert server.requests[1].query == {"size": "9", "page": "2"}
    assert server.requests[1].headers["X-Page"] == "more"


def test_waiting(in_step: InStep, server: Web) -> None:
    in_step(lambda: wait_for_http("x", data={"day": "{{ ds }}"}, **AT_ONCE))
    with pytest.raises(WaitTimeoutError):
        in_step(lambda: wait_for_http("status/404", **AT_ONCE))
    with pytest.raises(WaitTimeoutError):
        in_step(lambda: wait_for_http("status/503", retried_status_codes=["5"], **AT_ONCE))
    with pytest.raises(HttpRequestError):
        in_step(lambda: wait_for_http("status/404", retried_status_codes=[], **AT_ONCE))
    with pytest.raises(WaitTimeoutError):
        unchecked = {"check_response": False}
        check = f"{HERE}.is_good"
        in_step(
            lambda: wait_for_http("status/500", response_check=check, options=unchecked, **AT_ONCE)
        )
