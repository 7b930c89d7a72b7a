"""One value of another task, for tasks that give several."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from zenml import step

from runtime.exceptions import XComError
from runtime.xcom import xcom_pull

_MISSING = object()


@step(enable_cache=False)
def select_output(output: Any, key: str) -> Any:
    """Give `output[key]` of a task with multiple outputs; as in Airflow, `None` for no such key."""
    return output.get(key) if isinstance(output, Mapping) else None


@step(enable_cache=False)
def pull_output(task_id: str, key: str) -> Any:
    """Give what a task pushed under a key; `XComError` where it pushed none.

    Keys of a dict that a task returned are no XComs unless the task has multiple outputs.
    """
    value = xcom_pull(task_id, key=key, default=_MISSING)
    if value is _MISSING:
        raise XComError(
            f"The task {task_id!r} pushed nothing under the key {key!r}. If it returns a dict "
            "with that key, give it multiple_outputs=True."
        )
    return value
