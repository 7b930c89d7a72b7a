"""Asking an Airflow: a loopback server that answers as Airflow 2 and 3 do.

The shapes are those that tests/judge/test_airflow_api.py sees of the real ones.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from runtime.airflow_api import AirflowApi, UnreachableError
from runtime.awaited import Awaited
from runtime.config.upstreams import UpstreamConfig
from runtime.exceptions import ExternalPipelineNotFoundError, UpstreamError
from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]
from tests.runtime.web import Answer, Request, web

DATE = datetime(2024, 3, 1, 4, tzinfo=timezone.utc)
TASKS = [
    {"task_id": "load", "map_index": -1, "state": "success"},
    {"task_id": "g.one", "map_index": 0, "state": "success"},
    {"task_id": "g.one", "map_index": 1, "state": None},
]


def airflow(request: Request) -> Answer:
    """Both versions; the DAG `nightly` has one run, and v2 needs a token that it gives itself."""
    if request.path == "/auth/token":
        known = json.loads(request.body) == {"username": "me", "password": "secret"}
        return (201, json.dumps({"access_token": "jwt"})) if known else (401, "{}")
    basic = "Basic " + base64.b64encode(b"me:secret").decode()
    expected = "Bearer jwt" if "/api/v2/" in request.path else basic
    if request.headers.get("Authorization") not in (expected, "Bearer mine"):
        return 401, "{}"
    path = request.path.partition("/dags/")[2]
    if path == "nightly/tasks":
        return 200, json.dumps({"tasks": [{"task_id": "load"}, {"task_id": "g.one"}]})
    if path == "nightly/dagRuns":
        name = "logical_date" if "/v2/" in request.path else "execution_date"
        at = {request.query[f"{name}_gte"], request.query[f"{name}_lte"]}
        runs = (
            [{"dag_run_id": "scheduled__1", "state": "success"}] if at == {DATE.isoformat()} else []
        )
        return 200, json.dumps({"dag_runs": runs, "total_entries": len(runs)})
    if path == "nightly/dagRuns/scheduled__1/taskInstances":
        first = int(request.query["offset"])
        page = TASKS[first : first + 2]
        return 200, json.dumps({"task_instances": page, "total_entries": len(TASKS)})
    return 404, json.dumps({"detail": "not found"})


def config(port: int, **options: Any) -> UpstreamConfig:
    known = {"user": "me", "password": "secret"} if "token" not in options else {}
    return UpstreamConfig.model_validate(
        {"airflow": f"http://127.0.0.1:{port}/", **known, **options}
    )


@pytest.mark.parametrize(
    "options", [{}, {"api": "v2"}, {"token": "mine"}, {"api": "v2", "token": "mine"}]
)
def test_runs_and_tasks(options: dict[str, Any]) -> None:
    with web(airflow) as server, AirflowApi(config(server.port, **options)) as api:
        assert api.run("nightly", DATE) == {"dag_run_id": "scheduled__1", "state": "success"}
        assert api.run("nightly", DATE.replace(day=2)) is None
        assert api.run("other", DATE) is None
        assert api.task_states("nightly", "scheduled__1") == {
            "load": "success",
            "g.one[0]": "success",
            "g.one[1]": None,
        }
        assert api.task_ids("nightly") == ["load", "g.one"]
        assert api.task_ids("../variables") is None
    assert {"/api/v1/dags/..%2Fvariables/tasks", "/api/v2/dags/..%2Fvariables/tasks"} & {
        request.path for request in server.requests
    }


def test_what_passes_is_tried_again() -> None:
    answers: list[Answer] = [(503, ""), (429, ""), (200, '{"dag_runs": []}')]
    with web(lambda request: answers.pop(0)) as server:
        with AirflowApi(config(server.port), pause_seconds=0.01) as api:
            assert api.run("nightly", DATE) is None
        answers += [(500, "")] * 3
        api = AirflowApi(config(server.port), pause_seconds=0.01)
        with api, pytest.raises(UnreachableError, match="answered 500"):
            api.run("nightly", DATE)
        port = server.port
    api = AirflowApi(config(port), pause_seconds=0.01)
    with api, pytest.raises(UnreachableError, match="ConnectError"):
        api.run("nightly", DATE)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((401, "{}"), "answered 401. Check `upstreams`"),
        ((200, "<html>"), "is no REST API of Airflow"),
        ((200, "[]"), "gave no object"),
    ],
)
def test_what_does_not_pass(answer: Answer, why: str) -> None:
    with (
        web(lambda request: answer) as server,
        AirflowApi(config(server.port)) as api,
        pytest.raises(UpstreamError, match=why) as caught,
    ):
        api.run("nightly", DATE)
    assert not isinstance(caught.value, UnreachableError)
    assert "secret" not in str(caught.value)


def test_access_is_one() -> None:
    with pytest.raises(ValidationError, match="a `token`, or"):
        config(1, user="me", password="x", token="y")
    with pytest.raises(ValidationError, match="go together"):
        UpstreamConfig(airflow="http://x", password=SecretStr("x"))
    with pytest.raises(ValidationError, match="airflow"):
        UpstreamConfig(airflow="file:///etc/passwd")


def test_a_wait_asks_the_configured_airflow(
    emitted_project: EmittedProject,
    in_step: Callable[[Callable[[], Any]], Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("API_TOKEN", "mine")
    with web(airflow) as server:
        emitted_project.write(
            "configs/probe_dag.yaml",
            f"upstreams:\n  features:\n    airflow: http://127.0.0.1:{server.port}\n"
            "    token: ${API_TOKEN}\n    dag_id: nightly\n",
        )

        def states(*args: Any, **options: Any) -> Any:
            return in_step(Awaited("features", *args, **options).states)

        assert states(DATE) == ["success"]
        assert states(DATE.replace(day=2)) == [None]
        assert states(DATE, ("load",)) == ["success"]
        assert states(DATE, group="g") == ["success", None]
        in_step(Awaited("features", DATE, ("load",)).check_existence)
        with pytest.raises(ExternalPipelineNotFoundError, match="no task other"):
            in_step(Awaited("features", DATE, ("other",)).check_existence)
    assert states(DATE) == [None]  # it cannot be reached, so the wait would go on
