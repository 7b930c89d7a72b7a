"""One key of a task's result, for tasks that return several values as a dict."""

from __future__ import annotations

from typing import Any

from zenml import step

from runtime.exceptions import XComError


@step(enable_cache=False)
def select_output(output: dict[str, Any], key: str) -> Any:
    """Give `output[key]`; `XComError` names the keys there are."""
    if key not in output:
        known = ", ".join(sorted(map(str, output))) or "none"
        raise XComError(f"The task's result has no key {key!r}; it has: {known}.")
    return output[key]
