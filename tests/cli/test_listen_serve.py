"""`dag2zen listen` and `dag2zen serve`."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
import uuid
from pathlib import Path

import pytest
from typer.testing import CliRunner

from runtime.serving.signing import SECRET_VARIABLES
from transpiler.cli import app

SECRET = "a secret of more than sixteen characters"
PIPELINE = """
from zenml import pipeline, step
from runtime.context import RunContext
from runtime.schedule import DagSchedule

print("loaded")
SCHEDULE = DagSchedule({schedule})

@step(enable_cache=False)
def work() -> None:
    pass

@pipeline(name="{name}", enable_cache=False)
def the_pipeline(run: RunContext) -> None:
    work{options}(id="work")
"""
UPDATES = (
    '.with_options(extra={"outlets": ["s3://%s/x"]}, on_success="runtime.assets.update_assets")'
)


@pytest.mark.parametrize("command", ["listen", "serve"])
def test_a_folder_without_pipelines(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(SECRET_VARIABLES[0], SECRET)
    done = CliRunner().invoke(app, [command, str(tmp_path)])
    assert done.exit_code == 2
    assert "has no pipelines" in done.stderr


def test_a_secret_is_needed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in SECRET_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    done = CliRunner().invoke(app, ["serve", str(tmp_path)])
    assert done.exit_code == 2
    assert "Set RUNTIME_WEBHOOK_SECRET" in done.stderr


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-c", "from transpiler.cli import main; main()", *arguments]


@pytest.fixture
def project(zenml_store: Path, tmp_path: Path) -> Path:
    """A pipeline that runs once and updates an asset, and one that listens for it; nobody else has
    their names.
    """
    own = uuid.uuid4().hex[:8]
    folder = tmp_path / "pipelines"
    folder.mkdir()
    first = {"name": f"first-{own}", "schedule": "once=True, start_date='2024-01-01'"}
    (folder / "first.py").write_text(PIPELINE.format(**first, options=UPDATES % own))
    second = {"name": f"second-{own}", "schedule": f"assets='s3://{own}/x'"}
    (folder / "second.py").write_text(PIPELINE.format(**second, options=""))
    return tmp_path


@pytest.mark.slow
def test_the_processes(project: Path) -> None:
    listen = command("listen", str(project), "--once", "--format", "json")
    done = subprocess.run(listen, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = [json.loads(line) for line in done.stdout.splitlines()]
    # The second one starts when the task has updated the asset, before the first run has ended.
    assert sorted((one["pipeline"][:5], one["what"], one["run_type"]) for one in told) == [
        ("first", "started", "scheduled"),
        ("first", "success", "scheduled"),
        ("secon", "started", "asset_triggered"),
        ("secon", "success", "asset_triggered"),
    ]
    again = subprocess.run(listen, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout) == (0, "")

    environment = {**os.environ, SECRET_VARIABLES[0]: SECRET}
    with subprocess.Popen(
        command("serve", str(project), "--port", "0"),
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as server:
        assert server.stdout is not None
        try:
            lines = iter(server.stdout.readline, "")
            url = next(line for line in lines if line.startswith("Listening")).split()[-1]
            answer = start_run(url, told[-1]["pipeline"])
        finally:
            server.send_signal(signal.SIGTERM)
        assert answer["state"] == "started"
        assert server.wait() == 0


def start_run(url: str, name: str) -> dict[str, str]:
    """As docs/triggering.md shows it."""
    path = f"/v1/pipelines/{name}/runs"
    body = json.dumps({"logical_date": "2024-06-01T02:00:00+00:00"}).encode()
    stamp, key = str(int(time.time())), "orders-2024-06-01"
    signed = f"{stamp}\nPOST\n{path}\n{key}\n".encode() + body
    signature = hmac.new(SECRET.encode(), signed, hashlib.sha256)
    headers = {
        "X-Timestamp": stamp,
        "Idempotency-Key": key,
        "X-Signature": f"sha256={signature.hexdigest()}",
    }
    request = urllib.request.Request(f"{url}{path}", data=body, headers=headers, method="POST")
    with urllib.request.urlopen(request) as response:
        found: dict[str, str] = json.load(response)
    return found


@pytest.mark.slow
def test_sigterm_ends_the_listener(project: Path) -> None:
    with subprocess.Popen(
        command("listen", str(project)), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("started")
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
