"""A process that is told to end leaves nothing behind that seems to run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from runtime.report import task_states
from tests.conftest import REPOSITORY

SCRIPT = Path(__file__).parent / "stopped.py"


@pytest.mark.slow
def test_sigterm(zenml_store: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, str(SCRIPT), str(REPOSITORY), str(tmp_path)],
        env={**os.environ, "RUNTIME_PROJECT_ROOT": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not ((tmp_path / "loops").exists() and (tmp_path / "process").exists()):
        assert process.poll() is None, process.communicate()[1][-2000:]
        time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _, printed = process.communicate(timeout=600)
    assert process.returncode == 143, printed[-2000:]
    child = int((tmp_path / "process").read_text())
    assert not Path(f"/proc/{child}").exists()

    from zenml.client import Client

    run = Client().list_pipeline_runs(pipeline="stopped-dag", size=1, hydrate=True).items[0]
    assert run.status.value == "failed"
    assert task_states(run) == {"loops": "failed", "process": "failed", "after": None}
    assert {name: step.status.value for name, step in run.steps.items()} == {
        "loops": "stopped",
        "process": "failed",
    }
