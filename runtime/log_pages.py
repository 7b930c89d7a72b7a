"""Where the log of a step can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zenml.models import PipelineRunResponse, StepRunResponse


def log_page(run: PipelineRunResponse, step: StepRunResponse) -> str:
    """Give the run's page in ZenML's dashboard; without a server, where the log file is."""
    from zenml.utils.dashboard_utils import get_run_url

    logs = step.log_collection or []
    return get_run_url(run) or next((log.uri for log in logs if log.uri), "")
