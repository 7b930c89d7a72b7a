"""The pipelines of a project that something other than a person starts."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from runtime.exceptions import LaunchError
from runtime.loading import load_pipeline
from runtime.schedule import DagSchedule

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """A pipeline, its schedule, and since when ZenML knows it (UTC)."""

    file: Path
    dag_id: str
    schedule: DagSchedule
    known_since: datetime

    @property
    def at_one_time(self) -> int:
        """Give how many of its runs may go on at one time."""
        return 1 if self.schedule.continuous else self.schedule.max_active_runs


def find_entries(project: Path) -> list[Entry]:
    """Load the pipelines of `<project>/pipelines` that have a schedule or listen for assets.

    Those that ZenML does not know yet are registered: updates of assets count from then on, as in
    Airflow from the moment that a DAG is switched on. A file that does not load is logged, and the
    others stay. Raises `LaunchError` where there is nothing to start.
    """
    folder = project / "pipelines"
    files = [file for file in sorted(folder.glob("*.py")) if file.stem != "__init__"]
    if not files:
        raise LaunchError(f"{folder} has no pipelines. Name the folder of an emitted project.")
    entries = [entry for file in files if (entry := _entry(file)) is not None]
    if not entries:
        raise LaunchError(f"None of the pipelines in {folder} has a schedule to start it by.")
    return entries


def is_started_by_others(schedule: DagSchedule) -> bool:
    """Tell whether runs come by themselves."""
    timed = schedule.is_periodic or schedule.once or schedule.continuous
    return timed or schedule.asset_condition is not None


def _entry(file: Path) -> Entry | None:
    try:
        pipeline, schedule = load_pipeline(file)
    except LaunchError as error:
        logger.error("%s is left out: %s", file.name, error)
        return None
    if not is_started_by_others(schedule):
        return None
    known = pipeline.register().created
    known_since = known.replace(tzinfo=known.tzinfo or timezone.utc)
    return Entry(file.resolve(), pipeline.name, schedule, known_since)
