"""What the attempts of one task know of each other: ZenML makes a step run of each."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING

from runtime.exceptions import FailTask, WaitTimeoutError

if TYPE_CHECKING:
    from zenml.models import StepRunResponse

_FAILED_FOR_GOOD = "failed_for_good"


def seconds_of_earlier_attempts() -> float:
    """Give the time since the task's first attempt began; 0 in the first attempt."""
    earlier = _earlier()
    first = earlier[0].start_time if earlier else None
    if first is None:
        return 0.0
    began = first.replace(tzinfo=first.tzinfo or timezone.utc)
    return max(0.0, (datetime.now(timezone.utc) - began).total_seconds())


def note_failure_for_good(error: FailTask) -> None:
    """Leave word for the attempts after this one, which ZenML starts by count alone."""
    from zenml import log_metadata

    log_metadata({_FAILED_FOR_GOOD: f"{type(error).__name__}: {error}"})


def stop_after_failure_for_good() -> None:
    """Raise again what an earlier attempt failed with for good, so that nothing is done twice."""
    for attempt in _earlier():
        text = attempt.run_metadata.get(_FAILED_FOR_GOOD)
        if isinstance(text, str):
            name, _, message = text.partition(": ")
            raise (WaitTimeoutError if name == WaitTimeoutError.__name__ else FailTask)(message)


def _earlier() -> list[StepRunResponse]:
    """Give the step runs of the attempts before this one, the first one first."""
    from zenml import get_step_context
    from zenml.client import Client

    context = get_step_context()
    own = context.step_run.version
    if own <= 1:
        return []
    found = Client().list_run_steps(
        pipeline_run_id=context.pipeline_run.id,
        name=context.step_run.name,
        exclude_retried=False,
        size=100,
        hydrate=True,
    )
    earlier = [attempt for attempt in found.items if attempt.version < own]
    return sorted(earlier, key=lambda attempt: attempt.version)
