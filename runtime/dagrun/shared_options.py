"""Options that all steps of a DAG share, as Airflow's `default_args`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from runtime.dagrun.step_options import option_of

_CONFIGURED = {
    "retry": "retry",
    "on_failure": "failure_hook_source",
    "on_success": "success_hook_source",
    "on_start": "start_hook_source",
    "on_end": "end_hook_source",
}
"""Where a step's configuration keeps an option of `with_options`."""


def with_shared_options(step: Any, options: Mapping[str, Any]) -> Any:
    """Give the step with those options that it does not have itself.

    On `@pipeline` of a dynamic pipeline, hooks would be called once for the run.
    """
    missing = {
        name: value
        for name, value in options.items()
        if option_of(step, _CONFIGURED.get(name, name)) is None
    }
    return step.with_options(**missing) if missing else step
