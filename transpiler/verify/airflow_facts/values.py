"""Values of Airflow's objects as JSON."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any


def plain(value: Any) -> Any:
    """`value` as JSON: containers by element, seconds for durations, names for what has no text."""
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if getattr(type(value), "stand_in", False):
        return {"stand_in": type(value).__name__}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(item) for item in value), key=str)
    if isinstance(value, dt.timedelta):
        return value.total_seconds()
    if type(value).__name__.endswith("XComArg"):
        return xcom_arg(value)
    if hasattr(type(value), "openapi_types"):  # a model of the Kubernetes client
        return {key: plain(item) for key, item in value.to_dict().items() if item is not None}
    if callable(value):
        return qualified_name(value)
    text = str(value)
    # A default repr holds an address, which no two runs share.
    return qualified_name(type(value)) if " at 0x" in text else text


def xcom_arg(value: Any) -> Any:
    """The task and key that a TaskFlow value stands for, or its class (`.map`, `.zip`)."""
    operator = getattr(value, "operator", None)
    known = operator and {"task_id": operator.task_id, "key": value.key}
    return {"xcom": known or type(value).__name__}


def qualified_name(value: Any) -> str:
    """Module and name of a class, function or callable object."""
    named = value if hasattr(value, "__qualname__") else type(value)
    return f"{named.__module__}.{named.__qualname__}"


def seconds(value: Any) -> float | None:
    """Length of a timedelta; a bare number is seconds already, as Airflow reads it."""
    return value if value is None else float(plain(value))


def earliest(dates: list[Any]) -> str | None:
    """The first of the dates that are given, in UTC."""
    given = [date.astimezone(dt.timezone.utc) for date in dates if date is not None]
    return min(given).isoformat() if given else None


def first_attribute(holder: Any, *names: str) -> Any:
    """The first attribute that there is: Airflow 3 dropped the underscores."""
    return next((getattr(holder, name) for name in names if hasattr(holder, name)), None)
