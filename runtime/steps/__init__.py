"""The ZenML steps that Airflow's operators become.

Each one loads when it is first named, so that a pipeline pays only for what it uses. No module here
has the name of a step: importing it would put the module in the step's place.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runtime.steps.bash import run_bash
    from runtime.steps.container import run_container
    from runtime.steps.email import send_email
    from runtime.steps.empty import do_nothing
    from runtime.steps.features import load_features
    from runtime.steps.model import load_model
    from runtime.steps.outputs import select_output
    from runtime.steps.predict import batch_predict
    from runtime.steps.sql import run_snowflake_sql
    from runtime.steps.untranslated import not_translated
    from runtime.steps.wait import wait_for_pipeline
    from runtime.steps.write import write_predictions

__all__ = [
    "batch_predict",
    "do_nothing",
    "load_features",
    "load_model",
    "not_translated",
    "run_bash",
    "run_container",
    "run_snowflake_sql",
    "select_output",
    "send_email",
    "wait_for_pipeline",
    "write_predictions",
]

_MODULES = {
    "batch_predict": "predict",
    "do_nothing": "empty",
    "load_features": "features",
    "load_model": "model",
    "not_translated": "untranslated",
    "run_bash": "bash",
    "run_container": "container",
    "run_snowflake_sql": "sql",
    "select_output": "outputs",
    "send_email": "email",
    "wait_for_pipeline": "wait",
    "write_predictions": "write",
}


def __getattr__(name: str) -> Any:
    """Load the module of a step when the step is asked for (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
