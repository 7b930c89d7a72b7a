"""Callbacks that fail: as in Airflow they change no state, so they are noted where a run is looked at.

They are in the metadata `failed_callbacks` of the step or run that they were called for, and
in its report.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from zenml.models import PipelineRunResponse, StepRunResponse

logger = logging.getLogger(__name__)

FAILED_CALLBACKS: Final = "failed_callbacks"
_MOST_CHARACTERS = 500
_MOST_HOOKS = 100
_collected: ContextVar[dict[str, str] | None] = ContextVar("failed_callbacks", default=None)


def note_failed_callback(callback: object, dag_id: str | None, error: Exception) -> None:
    """Log that a callback, a function or its dotted name, failed, and note it.

    That is at the step that is running, outside of one at the dynamic run that goes on; in the
    block of `collecting`, the block's owner does it.
    """
    name = callback if isinstance(callback, str) else _name(callback)
    logger.error("The callback %s of %r failed: %s", name, dag_id, error, exc_info=error)
    failure = {name: said(error)}
    collected = _collected.get()
    if collected is not None:
        collected.update(failure)
    else:
        _log(failure)


@contextmanager
def collecting(failed: dict[str, str]) -> Iterator[None]:
    """Take what fails in the block, by callback; and so does what is around the block."""
    around = _collected.get()
    token = _collected.set(failed)
    try:
        yield
    finally:
        _collected.reset(token)
        if around is not None:
            around.update(failed)


def failed_callbacks(
    run: PipelineRunResponse, steps: Mapping[str, StepRunResponse]
) -> dict[str, str]:
    """Give the errors of the callbacks that failed in a run, by callback; those of steps are named
    with the step.

    ZenML itself notes what a hook of a step raised.
    """
    from zenml.client import Client

    failed = dict(_noted(run.run_metadata))
    for name, step in steps.items():
        noted = _noted(step.run_metadata)
        failed.update({f"{callback} of {name}": text for callback, text in noted.items()})
    names = {step.id: name for name, step in steps.items()}
    hooks = Client().list_hook_invocations(
        pipeline_run_id=run.id, status="failed", size=_MOST_HOOKS, hydrate=True
    )
    for hook in hooks.items:
        info = hook.exception_info
        text = "" if info is None else info.traceback.strip().rpartition("\n")[2]
        callback = hook.source or hook.hook_type.value
        step_name = names.get(hook.step_run_id) if hook.step_run_id else None
        failed[f"{callback} of {step_name}" if step_name else callback] = text[:_MOST_CHARACTERS]
    return failed


def _noted(metadata: Mapping[str, Any]) -> Mapping[str, str]:
    found = metadata.get(FAILED_CALLBACKS)
    return found if isinstance(found, dict) else {}


def said(error: BaseException) -> str:
    """Give what is noted of an error."""
    return f"{type(error).__name__}: {error}"[:_MOST_CHARACTERS]


def _log(failure: dict[str, str]) -> None:
    from zenml import log_metadata
    from zenml.execution.pipeline.dynamic.run_context import DynamicPipelineRunContext
    from zenml.steps.step_context import StepContext

    if StepContext.get() is not None:
        log_metadata({FAILED_CALLBACKS: failure})
        return
    going_on = DynamicPipelineRunContext.get()
    if going_on is not None:
        log_metadata(metadata={FAILED_CALLBACKS: failure}, run_id_name_or_prefix=going_on.run.id)


def _name(callback: object) -> str:
    while isinstance(callback, functools.partial):
        callback = callback.func
    named = callback if hasattr(callback, "__qualname__") else type(callback)
    return f"{getattr(named, '__module__', '')}.{getattr(named, '__qualname__', named)}"
