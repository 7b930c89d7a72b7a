"""Durations as numbers of seconds."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any


def seconds_of(value: Any) -> float | None:
    """Seconds of a timedelta or a finite number; None for anything else."""
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
        return float(value)
    return None


def seconds_text(seconds: float) -> str:
    """Seconds as source text, without a needless fraction."""
    return str(int(seconds)) if seconds.is_integer() else repr(seconds)
