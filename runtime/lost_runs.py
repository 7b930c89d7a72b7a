"""Runs whose process was killed: ZenML goes on to show them as running, until somebody marks them.

On the local orchestrator a run lives in the process that started it. That process holds a lock for
as long as the run goes on, and the run says which.
"""

from __future__ import annotations

import hashlib
import json
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from runtime.exceptions import AlreadyStartedError
from runtime.file_locks import FileLock, is_abandoned, locks_folder
from runtime.termination import end_run

if TYPE_CHECKING:
    from zenml.models import PipelineRunResponse

logger = logging.getLogger(__name__)

PROCESS = "process"
"""The key of a run's `extra` that says where its process is."""
_KIND = "runs"


@contextmanager
def alive(run_name: str) -> Iterator[dict[str, Any]]:
    """Let others see in the block that this process runs a run; gives what the run says of that.

    Empty where the steps run elsewhere: there the run may outlive this process. Raises
    `AlreadyStartedError` where another process of this machine is starting a run of that name.
    """
    from zenml.client import Client

    if Client().active_stack.orchestrator.flavor != "local":
        yield {}
        return
    name = hashlib.sha256(run_name.encode()).hexdigest()[:32]
    lock = FileLock(locks_folder(_KIND) / name)
    if not lock.take(wait=False):
        raise AlreadyStartedError(f"The run {run_name!r} is being started by another process.")
    try:
        yield {PROCESS: {"host": socket.gethostname(), "lock": name}}
    finally:
        lock.release(remove=True)


def is_lost(run: PipelineRunResponse) -> bool:
    """Tell whether a run seems to go on, and its process on this machine is gone."""
    if run.status.is_finished:
        return False
    process = run.config.extra.get(PROCESS)
    if not isinstance(process, dict):
        return False
    here = process.get("host") == socket.gethostname()
    return here and is_abandoned(locks_folder(_KIND) / str(process.get("lock")))


def mark_if_lost(run: PipelineRunResponse) -> PipelineRunResponse:
    """Mark a run as failed if its process is gone; gives the run as it is then."""
    if not is_lost(run):
        return run
    from zenml.client import Client

    end_run(run.id)
    (locks_folder(_KIND) / run.config.extra[PROCESS]["lock"]).unlink(missing_ok=True)
    logger.warning("The process of the run %s was killed; it is marked as failed.", run.name)
    return Client().get_pipeline_run(run.id)


def mark_lost_runs(dag_id: str) -> None:
    """Mark the runs of a pipeline that seem to go on although their process is gone."""
    from zenml.client import Client
    from zenml.enums import ExecutionStatus

    going = [status.value for status in ExecutionStatus if not status.is_finished]
    found = Client().list_pipeline_runs(
        pipeline=dag_id, status="oneof:" + json.dumps(going), size=500, hydrate=True
    )
    for run in found.items:
        mark_if_lost(run)
