"""The pipelines of a project that something other than a person starts."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from runtime.deadlines import Sla, sla_of
from runtime.exceptions import LaunchError
from runtime.loading import forget_modules, load_pipeline
from runtime.schedule import DagSchedule

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Entry:
    """A pipeline, its schedule, and since when ZenML knows it (UTC)."""

    file: Path
    dag_id: str
    schedule: DagSchedule
    known_since: datetime
    sla: Sla | None = None

    @property
    def at_one_time(self) -> int:
        """Give how many of its runs may go on at one time."""
        return 1 if self.schedule.continuous else self.schedule.max_active_runs


class ProjectPipelines:
    """The pipelines of `<project>/pipelines` that have a schedule or listen for assets.

    Those that ZenML does not know yet are registered: updates of assets count from then on, as in
    Airflow from the moment that a DAG is switched on. A file that does not load is logged; it is
    left out, or stays as it was when it last loaded.
    """

    def __init__(self, project: Path) -> None:
        """Load them. Raises `LaunchError` where there is nothing to start."""
        self._folder = project.resolve() / "pipelines"
        self._seen: dict[Path, tuple[int, int]] = {}
        self._by_file: dict[Path, Entry | None] = {}
        if not self._files():
            raise LaunchError(
                f"{self._folder} has no pipelines. Name the folder of an emitted project."
            )
        self.has_changed()
        if not self.entries:
            raise LaunchError(
                f"None of the pipelines in {self._folder} has a schedule to start it by."
            )

    @property
    def entries(self) -> list[Entry]:
        """Give those that are known now."""
        return [entry for entry in self._by_file.values() if entry is not None]

    def has_changed(self) -> bool:
        """Load what was changed or added, and forget what was removed; tells whether that was so.

        Configuration and SQL are read anew by the process of each run.
        """
        steps = sorted((self._folder.parent / "steps").rglob("*.py"))
        seen = {file: _version(file) for file in (*self._files(), *steps) if file.is_file()}
        if seen == self._seen:
            return False
        forget_modules()
        self._seen = seen
        self._by_file = {file: self._load(file) for file in self._files()}
        return True

    def _files(self) -> list[Path]:
        return [file for file in sorted(self._folder.glob("*.py")) if file.stem != "__init__"]

    def _load(self, file: Path) -> Entry | None:
        before = self._by_file.get(file)
        try:
            return _entry(file)
        except LaunchError as error:
            outcome = "is left out" if before is None else "stays as it was"
            logger.error("%s %s: %s", file.name, outcome, error)
            return before


def find_entries(project: Path) -> list[Entry]:
    """Give the pipelines of a project that something other than a person starts."""
    return ProjectPipelines(project).entries


def is_started_by_others(schedule: DagSchedule) -> bool:
    """Tell whether runs come by themselves."""
    timed = schedule.is_periodic or schedule.once or schedule.continuous
    return timed or schedule.asset_condition is not None


def _version(file: Path) -> tuple[int, int]:
    found = file.stat()
    return found.st_mtime_ns, found.st_size


def _entry(file: Path) -> Entry | None:
    pipeline, schedule = load_pipeline(file)
    if not is_started_by_others(schedule):
        return None
    known = pipeline.register().created
    known_since = known.replace(tzinfo=known.tzinfo or timezone.utc)
    return Entry(file.resolve(), pipeline.name, schedule, known_since, sla_of(pipeline))
