"""End a run properly when its process is told to end: nothing may be left that seems to run."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from zenml.models import StepRunResponse

logger = logging.getLogger(__name__)

# Kubernetes kills 30 s after SIGTERM; what has not ended by itself before that never will.
_GRACE_SECONDS = 25.0


class Terminated(SystemExit):
    """The process was told to end by a signal; the code is 128 plus the signal's number."""


@contextmanager
def ended_by_sigterm() -> Iterator[None]:
    """Let SIGTERM raise `Terminated` in the block, as Ctrl-C raises `KeyboardInterrupt`.

    Work that does not let itself be stopped, as a blocking C call in a thread, ends with the
    process after 25 s. In other threads than the main one, signals cannot be handled, and nothing
    changes.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    watchdogs: list[threading.Timer] = []

    def on_term(signum: int, frame: FrameType | None) -> None:
        if not watchdogs:
            watchdogs.append(threading.Timer(_GRACE_SECONDS, os._exit, [128 + signum]))
            watchdogs[0].daemon = True
            watchdogs[0].start()
        raise Terminated(128 + signum)

    previous = signal.signal(signal.SIGTERM, on_term)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
        for watchdog in watchdogs:
            watchdog.cancel()


def mark_interrupted(run_name: str) -> None:
    """Mark a run that was interrupted, and its steps that seem to run, as failed."""
    from zenml.client import Client

    for run in Client().list_pipeline_runs(name=run_name, size=1).items:
        end_run(run.id)
        logger.error("The run %s was interrupted, and is marked as failed.", run_name)


def end_run(run_id: UUID) -> None:
    """Mark a run, and its steps that seem to run, as failed, unless they have ended."""
    from zenml.client import Client
    from zenml.orchestrators.publish_utils import publish_failed_pipeline_run

    client = Client()
    for step in client.list_run_steps(pipeline_run_id=run_id, size=1000).items:
        end_step(step)
    if not client.get_pipeline_run(run_id).status.is_finished:
        publish_failed_pipeline_run(run_id)


def end_step(step: StepRunResponse) -> None:
    """Mark a step as failed unless it has ended; one that ZenML meant to retry, as stopped."""
    from zenml.enums import ExecutionStatus
    from zenml.orchestrators.publish_utils import (
        publish_failed_step_run,
        publish_step_run_status_update,
    )

    if not (step.status.is_finished or step.status == ExecutionStatus.RETRYING):
        step = publish_failed_step_run(step.id)
    if step.status == ExecutionStatus.RETRYING:
        publish_step_run_status_update(step.id, ExecutionStatus.STOPPED)
