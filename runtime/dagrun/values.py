"""What Airflow demands of a value that other tasks are mapped over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from runtime.dagrun.handles import MISSING
from runtime.exceptions import XComError

MAX_MAP_LENGTH = 1024  # Airflow's default of `core.max_map_length`


def check_mappable(label: str, value: Any) -> None:
    """Raise `XComError` unless tasks can be mapped over a value.

    Source: `airflow.models.taskinstance._record_task_map_for_downstreams`.
    """
    if value is MISSING or value is None:
        raise XComError(f"Tasks are mapped over the result of {label!r}, but it returned nothing.")
    if not isinstance(value, (Sequence, dict)) or isinstance(value, (bytearray, bytes, str)):
        raise XComError(
            f"Tasks are mapped over the result of {label!r}, but it returned a "
            f"{type(value).__name__}. It must return a list or a dict."
        )
    if len(value) > MAX_MAP_LENGTH:
        raise XComError(
            f"Tasks are mapped over the result of {label!r}, but it has {len(value)} items, more "
            f"than the {MAX_MAP_LENGTH} that Airflow allows."
        )
