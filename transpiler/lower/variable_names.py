"""Names for the variables of a pipeline function."""

from __future__ import annotations

import keyword

_CALLED = frozenset(
    {
        "Path",
        "Polling",
        "StepRetryConfig",
        "ZoneInfo",
        "dt",
        "each",
        "email_alert",
        "partial",
        "run",
        "update_assets",
        "wait_before_retry",
    }
)
"""What expressions of the pipeline function read by these names."""


def usable(name: str) -> bool:
    """Whether a variable of the pipeline function may have the name: code that the pipeline calls, or
    its own parameter, does not have it.
    """
    return name.isidentifier() and not keyword.iskeyword(name) and name not in _CALLED
