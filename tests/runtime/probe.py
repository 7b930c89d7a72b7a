"""Run a piece of a test inside of a real ZenML step."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from zenml import pipeline, step

from runtime.context import RunContext

_bodies: dict[str, Callable[[], Any]] = {}
_results: dict[str, Any] = {}


@step(enable_cache=False)
def call_body(key: str) -> None:
    """Call what the test gave; the local orchestrator runs steps in this process."""
    _results[key] = _bodies[key]()


@pipeline(name="probe-dag", enable_cache=False)
def probe(run: RunContext, key: str, task: str) -> None:
    """One step."""
    call_body(key, id=task)


def run_in_step(body: Callable[[], Any], run: RunContext, task: str = "probe-task") -> Any:
    """Give what the body returns when a step of the pipeline calls it; its exceptions pass."""
    key = uuid.uuid4().hex
    caught: list[BaseException] = []

    def guarded() -> Any:
        try:
            return body()
        except BaseException as error:
            caught.append(error)
            return None

    _bodies[key] = guarded
    probe(run=run, key=key, task=task)
    if caught:
        raise caught[0]
    return _results.pop(key)
