"""Steps that failed although their code did not: what they gave could not be kept."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zenml.models import PipelineRunResponse

logger = logging.getLogger(__name__)


def tell_unstored(run: PipelineRunResponse) -> None:
    """Log which steps of a failed run ended without an exception of their own code.

    ZenML stores a result after the code and its hooks, and notes no exception of that; what it
    logs is a traceback of its own.
    """
    for name, step in run.steps.items():
        if step.status.is_failed and step.exception_info is None:
            logger.error(
                "The task %r failed, though its code did not: what it returned cannot be stored, "
                "or what it takes cannot be loaded; the message above names the type. Return plain "
                "data (text, numbers, lists, dicts), or the place where the data is.",
                name,
            )
