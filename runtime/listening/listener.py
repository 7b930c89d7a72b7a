"""One look at all pipelines after the other: what is due is started, within the limits."""

from __future__ import annotations

import itertools
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Literal, Protocol

from runtime.assets.queue import SETTLING
from runtime.assets.store import has_news
from runtime.listening.due import next_due
from runtime.listening.entries import Entry
from runtime.listening.journal import Journal
from runtime.listening.sla_watch import SlaWatch
from runtime.listening.starts import Start, Starts, start_of
from runtime.lost_runs import mark_lost_runs
from runtime.runs import active_run_names, has_run
from runtime.triggered import ALREADY_STARTED

logger = logging.getLogger(__name__)

LOOK_INTERVAL = timedelta(seconds=5)
"""How often ZenML is asked what changed, as it tells nobody; one look takes about 10 ms."""
_AT_ONCE = datetime.min.replace(tzinfo=timezone.utc)
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)


class Processes(Protocol):
    """The processes that run pipelines."""

    def start(self, name: str, order: dict[str, Any]) -> None:
        """Start a run."""

    def ended(self) -> list[Ended]:
        """Give the processes that have ended since the last time."""


@dataclass(frozen=True)
class Ended:
    """A process that has ended: the run's name, its exit code, and the last of its output."""

    name: str
    code: int
    tail: str


@dataclass(frozen=True)
class Told:
    """What the listener did: it started a run, a run ended, or could not be started."""

    what: Literal["started", "success", "failed", "not started"]
    start: Start
    text: str = ""


@dataclass(frozen=True)
class _Again:
    """A run that could not be started, and when that is tried again."""

    start: Start
    at: datetime
    pause: timedelta


class Listener:
    """Starts the runs of some pipelines; `jobs` processes go on at one time."""

    def __init__(
        self,
        entries: Sequence[Entry],
        processes: Processes,
        *,
        jobs: int = 4,
        tell: Callable[[Told], None] = lambda told: None,
        journal: Journal | None = None,
    ) -> None:
        """Take the pipelines, what runs them, and whom to tell."""
        self._processes = processes
        self._journal = journal or Journal()
        self._jobs = jobs
        self._tell = tell
        self._going: dict[str, Start] = {}
        self._again: dict[str, _Again] = {}
        self._looked_at: datetime | None = None
        self._waiting = False
        self.failures = 0
        self.use(entries)

    def use(self, entries: Sequence[Entry]) -> None:
        """Start the runs of these pipelines from now on: at first, and when the project changed.

        What was decided and is not in ZenML is started first: an earlier listener was killed.
        """
        self._pipelines = [Starts(entry) for entry in entries]
        self._looked_at = None
        self.slas = SlaWatch(entries, self._count_failure)
        files = {entry.file: entry for entry in entries}
        for order in self._journal.of_files(files):
            start = start_of(files[Path(order["file"])], order)
            if start.run_name in {*self._going, *self._again}:
                continue
            if has_run(start.run_name):
                self._journal.forget(start.run_name)
            else:
                self._again[start.run_name] = _Again(start, _AT_ONCE, _FIRST_PAUSE)

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing goes on, and nothing waits for a limit."""
        return not self._going and not self._waiting

    def turn(self, now: datetime) -> datetime | None:
        """Start what is due, and give when to look again at the latest.

        `None` leaves that to the end of a process.
        """
        self._take_note_of_ends(now)
        news, self._waiting = self._news(now), False
        for again in list(self._again.values()):
            if again.at > now or again.start.run_name in self._going:
                continue
            if self._has_room(again.start.entry):
                self._start(again.start)
            else:
                self._waiting = True
        # In turns: dates of the past of one pipeline must not keep the others waiting.
        wanted = [self._wanted(starts, now, news=news) for starts in self._pipelines]
        for several in itertools.zip_longest(*wanted):
            for starts, start in zip(self._pipelines, several, strict=True):
                if start is not None:
                    self._start_if_room(starts, start)
        self.slas.look(now)
        self._looked_at = now
        return self._next_look(now)

    def _wanted(self, starts: Starts, now: datetime, *, news: bool) -> list[Start]:
        active = len(self._active(starts.entry)) if starts.entry.schedule.continuous else 0
        known = {*self._again, *self._going}
        wanted = starts.wanted(now, active=active, news=news)
        # More than may run at one time need not be looked for.
        return list(
            itertools.islice((one for one in wanted if one.run_name not in known), self._jobs)
        )

    def _start_if_room(self, starts: Starts, start: Start) -> None:
        if not self._has_room(starts.entry):
            self._waiting = True
            return
        self._start(start)
        starts.given(start)

    def _start(self, start: Start) -> None:
        self._journal.note(start.order)
        self._processes.start(start.run_name, start.order)
        self._going[start.run_name] = start
        self._tell(Told("started", start))

    def _has_room(self, entry: Entry) -> bool:
        if len(self._going) >= self._jobs:
            return False
        return len(self._active(entry)) < entry.at_one_time

    def _active(self, entry: Entry) -> set[str]:
        going = self._going.items()
        own = {name for name, start in going if start.entry.dag_id == entry.dag_id}
        active = active_run_names(entry.dag_id)
        if active - own:
            # They are of other processes, which may have been killed.
            mark_lost_runs(entry.dag_id)
            active = active_run_names(entry.dag_id)
        return own | active

    def _take_note_of_ends(self, now: datetime) -> None:
        for ended in self._processes.ended():
            start = self._going.pop(ended.name)
            if has_run(ended.name):
                self._again.pop(ended.name, None)
                self._journal.forget(ended.name)
                if ended.code != ALREADY_STARTED:
                    self.failures += ended.code != 0
                    mark_lost_runs(start.entry.dag_id)
                    self._tell(Told("failed" if ended.code else "success", start))
            else:
                self._try_again(start, now, ended)

    def _count_failure(self) -> None:
        self.failures += 1

    def _try_again(self, start: Start, now: datetime, ended: Ended) -> None:
        before = self._again.get(start.run_name)
        pause = min(before.pause * 2, _LONGEST_PAUSE) if before else _FIRST_PAUSE
        self._again[start.run_name] = _Again(start, now + pause, pause)
        self.failures += 1
        self._tell(Told("not started", start, ended.tail))

    def _news(self, now: datetime) -> bool:
        """Tell whether to look at assets: at first, when one was updated, and while one waits."""
        if not any(starts.entry.schedule.asset_condition for starts in self._pipelines):
            return False
        if self._looked_at is None or self._waiting:
            return True
        return has_news(self._looked_at - 2 * SETTLING)

    def _next_look(self, now: datetime) -> datetime | None:
        looks = [
            again.at for again in self._again.values() if again.start.run_name not in self._going
        ]
        for starts in self._pipelines:
            due = next_due(starts.entry.schedule, now)
            looks += [due] if due else []
            schedule = starts.entry.schedule
            if self._waiting or schedule.continuous or schedule.asset_condition is not None:
                looks.append(now + LOOK_INTERVAL)
        return min(looks, default=None)
