"""Start a run of another emitted pipeline of the project, in a process of its own.

A pipeline that is called inside of a step of a static pipeline does not run, so the other one gets
a process, which outlives the step that started it.
"""

from __future__ import annotations

import ast
import json
import os
import tempfile
import threading
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from runtime.exceptions import TriggerError
from runtime.lost_runs import mark_if_lost
from runtime.project import project_root
from runtime.report import run_state
from runtime.triggered_process import start_triggered

if TYPE_CHECKING:
    from zenml.models import PipelineRunResponse

_TURN_SECONDS = 0.5
_LOG_TAIL = 2000


@dataclass(frozen=True)
class Triggered:
    """A run to start: a manual run of a DAG at a logical date."""

    dag_id: str
    run_id: str
    logical_date: datetime
    conf: Mapping[str, Any] = field(default_factory=dict)
    token: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def tag(self) -> str:
        """Give the tag by which the started run is found."""
        return f"triggered:{self.token}"

    def document(self, file: Path) -> str:
        """Give what the process reads: JSON for `runtime.triggered`."""
        return json.dumps(
            {
                "file": str(file),
                "logical_date": self.logical_date.isoformat(),
                "run_id": self.run_id,
                "conf": dict(self.conf),
                "run_type": "manual",
                "tags": [self.tag, run_id_tag(self.run_id)],
            }
        )


class StartedProcess:
    """The process that runs a triggered pipeline."""

    def __init__(self, run: Triggered, file: Path) -> None:
        """Start it, detached from this process; its output goes to a file."""
        self._run = run
        handle, log = tempfile.mkstemp(prefix="triggered-", suffix=".log")
        self._log = Path(log)
        with os.fdopen(handle, "wb") as output:
            self._process = start_triggered(output, cwd=project_root(), detached=True)
        assert self._process.stdin is not None
        self._process.stdin.write(run.document(file).encode())
        self._process.stdin.close()
        # The process outlives its step; somebody must still take note of its end.
        threading.Thread(target=self._process.wait, daemon=True).start()

    def until_started(self) -> None:
        """Wait until ZenML has the run, and, unless this machine runs it, until it is handed over.

        Raises `TriggerError` where the process ends without a run.
        """
        while self._process.poll() is None:
            if _runs_here() and find_triggered(self._run) is not None:
                return
            time.sleep(_TURN_SECONDS)
        self._check_run()

    def until_ended(self) -> None:
        """Wait for the end of the process. Raises `TriggerError` where there was no run."""
        while self._process.poll() is None:
            time.sleep(_TURN_SECONDS)
        self._check_run()

    def _check_run(self) -> None:
        if find_triggered(self._run) is None:
            tail = self._log.read_text(errors="replace")[-_LOG_TAIL:]
            raise TriggerError(
                f"The pipeline {self._run.dag_id!r} could not be started: its process ended with "
                f"exit code {self._process.returncode}. Its last output was: {tail}"
            )


def run_id_tag(run_id: str) -> str:
    """Give the tag of a run id that somebody chose."""
    return f"run_id:{run_id}"


def find_triggered(run: Triggered) -> PipelineRunResponse | None:
    """Give the run that the process started; `None` before it has."""
    from zenml.client import Client

    found = Client().list_pipeline_runs(tags=[run.tag], size=1, hydrate=True)
    return found.items[0] if found.items else None


def find_existing(run: Triggered) -> PipelineRunResponse | None:
    """Give the newest run of the same DAG at the same logical date, or with the same run id."""
    from zenml.client import Client

    from runtime.runs import runs_at

    at_date = runs_at(run.dag_id, run.logical_date)
    if at_date:
        return at_date[0]
    named = Client().list_pipeline_runs(
        pipeline=run.dag_id, tags=[run_id_tag(run.run_id)], sort_by="desc:created", size=1
    )
    return named.items[0] if named.items else None


def state_of(run: Triggered) -> str:
    """Give the state of the started run in Airflow's terms."""
    found = find_triggered(run)
    return "queued" if found is None else run_state(mark_if_lost(found))


def pipeline_file(dag_id: str) -> Path:
    """Give the file of the project that defines the pipeline of a DAG; nothing is imported.

    Raises `TriggerError` that names the pipelines there are.
    """
    folder = project_root() / "pipelines"
    names = {name: file for file in sorted(folder.glob("*.py")) for name in _pipeline_names(file)}
    if dag_id not in names:
        raise TriggerError(
            f"The project has no pipeline {dag_id!r} to start. Transpile its DAG into "
            f"{folder}, which has: {', '.join(sorted(names)) or 'none'}."
        )
    return names[dag_id]


def _pipeline_names(file: Path) -> list[str]:
    calls = (
        decorator
        for node in ast.walk(ast.parse(file.read_bytes()))
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
        if isinstance(decorator, ast.Call)
    )
    names = (keyword.value for call in calls for keyword in call.keywords if keyword.arg == "name")
    return [str(node.value) for node in names if isinstance(node, ast.Constant)]


def _runs_here() -> bool:
    from zenml.client import Client

    return Client().active_stack.orchestrator.flavor == "local"
