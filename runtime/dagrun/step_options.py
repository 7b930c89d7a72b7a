"""What a step was configured with, on its decorator and by `with_options`."""

from __future__ import annotations

from typing import Any


def option_of(step: Any, name: str) -> Any:
    """Give an option by the name that ZenML's step configuration has for it; `None` without.

    What `with_options` says ZenML keeps apart from the step's own configuration, until a dynamic
    pipeline submits the step.
    """
    for configuration in (getattr(step, "_dynamic_configuration", None), step.configuration):
        value = getattr(configuration, name, None)
        if value is not None:
            return value
    return None
