"""The step that stands in for a task instance whose arguments cannot be made."""

from __future__ import annotations

from zenml import step

from runtime.exceptions import FailTask


@step(enable_cache=False)
def refused(message: str) -> None:
    """Fail with a message."""
    raise FailTask(message)
