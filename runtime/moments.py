"""ZenML's moments as Airflow's: in UTC, and saying so."""

from __future__ import annotations

from datetime import datetime
from typing import overload


@overload
def aware(moment: None) -> None: ...


@overload
def aware(moment: datetime) -> datetime: ...


def aware(moment: datetime | None) -> datetime | None:
    """Give a moment in UTC; ZenML's are, without saying so."""
    from runtime.airflow_times import utc

    if moment is None:
        return None
    return moment.replace(tzinfo=utc) if moment.tzinfo is None else moment.astimezone(utc)


def seconds_between(start: datetime | None, end: datetime | None) -> float | None:
    """Give how long something took; `None` as long as it goes on."""
    return (end - start).total_seconds() if start and end else None
