"""The place of a task that could not be translated."""

from __future__ import annotations

from typing import Any

from zenml import step

from runtime.exceptions import NotTranslatedError


@step(enable_cache=False)
def not_translated(code: str, message: str, source: str = "") -> Any:
    """Fail with the code and message of the finding; `source` says where the original stands.

    It has an output, so that steps which would take the task's result can be connected.
    """
    raise NotTranslatedError(code, message)
