"""Batch inference, second step: which model version predicts."""

from __future__ import annotations

from zenml import log_metadata, step

from runtime.config import load_config
from runtime.context import current_run, task_id
from runtime.models import ModelReference, pyfunc, resolve_model
from runtime.templates import render
from runtime.timeouts import time_limit


@step(enable_cache=False)
def load_model(
    name: str,
    alias: str | None = "production",
    version: str | int | None = None,
    timeout_seconds: float | None = None,
) -> ModelReference:
    """Find a registered model by version, or else by alias, and pin the version for the run.

    The model itself stays in the registry; `batch_predict` reads it from there.
    """
    name, alias, version = render((name, alias, version), current_run(), task_id())
    config = load_config().mlflow
    # Not within the time limit: an import that is interrupted stays broken for the whole process.
    pyfunc()
    with time_limit(timeout_seconds):
        reference = resolve_model(name, alias=alias, version=version, config=config)
    log_metadata({"model": reference.model_dump(mode="json", exclude_none=True)})
    return reference
