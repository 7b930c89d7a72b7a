"""The REST API of real Airflows, asked as a step that waits asks it."""

from __future__ import annotations

import subprocess
from datetime import datetime, timezone
from pathlib import Path
from typing import Literal

import pytest

from runtime.airflow_api import AirflowApi
from runtime.config.upstreams import UpstreamConfig
from runtime.exceptions import UpstreamError
from tests.judge.airflow_env import airflow_python

SCRIPT = Path(__file__).with_name("airflow_server.py")
DATE = datetime(2024, 3, 1, 4, tzinfo=timezone.utc)


@pytest.mark.slow
@pytest.mark.parametrize(("major", "version"), [(2, "v1"), (3, "v2")])
def test_a_real_airflow(major: int, version: Literal["v1", "v2"], tmp_path: Path) -> None:
    log = tmp_path / "log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [str(airflow_python(major)), str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as server,
    ):
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        assert port, log.read_text()[-3000:]
        config = UpstreamConfig.model_validate(
            {
                "airflow": f"http://127.0.0.1:{port}",
                "api": version,
                "user": "me",
                "password": "secret",
                "timeout_seconds": 300,
            }
        )
        with AirflowApi(config) as api:
            run = api.run("nightly", DATE)
            assert run is not None and run["state"] == "success", log.read_text()[-3000:]
            assert api.run("nightly", DATE.replace(day=2)) is None
            assert api.run("other", DATE) is None
            assert api.task_states("nightly", run["dag_run_id"]) == {
                "load": "success",
                "each[0]": "success",
                "each[1]": "success",
            }
            assert api.task_ids("nightly") == ["each", "load"]
            assert api.task_ids("other") is None
        wrong = config.model_copy(
            update={"password": config.password and type(config.password)("x")}
        )
        with AirflowApi(wrong) as api, pytest.raises(UpstreamError, match="answered 401"):
            api.run("nightly", DATE)
        assert server.stdin is not None
        server.stdin.close()
