"""Run a pipeline for all dates of a range: those that are not done yet, several at one time."""

from __future__ import annotations

import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from runtime.exceptions import LaunchError
from runtime.loading import load_pipeline
from runtime.lost_runs import mark_if_lost
from runtime.report import FAILED, SUCCESS, run_state
from runtime.runs import runs_at
from runtime.start_params import start_params
from runtime.triggered_process import start_triggered

if TYPE_CHECKING:
    from zenml.pipelines.pipeline_definition import Pipeline

    from runtime.schedule import DagSchedule

DONE, NOT_STARTED, PLANNED = "done", "not started", "planned"
_LOG_TAIL = 2000


class BackfilledDate(BaseModel):
    """What became of one logical date.

    `state` is a DagRun's, `done` for a date that had a successful run before, `not started`, or
    `planned`; `error` says why a run could not be started.
    """

    model_config = ConfigDict(frozen=True)

    logical_date: datetime
    state: str
    error: str | None = None


class BackfillReport(BaseModel):
    """All dates of a backfill, in their order."""

    model_config = ConfigDict(frozen=True)

    pipeline: str
    dates: list[BackfilledDate]

    @property
    def state(self) -> str:
        """Success if every date succeeded, now or before."""
        good = all(date.state in (SUCCESS, DONE) for date in self.dates)
        return SUCCESS if good else FAILED


@dataclass(frozen=True)
class Backfill:
    """What to run: a pipeline file, and the logical dates from `start` to `end`, both included.

    `jobs` runs go on at one time, each in a process of its own. A date whose newest run succeeded
    is left out, unless `rerun`. After a failure no further date is started, unless
    `continue_on_failure`.
    """

    file: Path
    start: datetime
    end: datetime
    jobs: int = 1
    rerun: bool = False
    continue_on_failure: bool = False
    run_backwards: bool = False
    params: Mapping[str, Any] = field(default_factory=dict)
    conf: Mapping[str, Any] = field(default_factory=dict)

    def run(self, on_end: Callable[[BackfilledDate, int, int], None]) -> BackfillReport:
        """Run the dates; `on_end` is told each date that ends, how many have, and of how many.

        Raises `LaunchError` for a file that does not load or a range that ends before it starts,
        `ScheduleError` for a pipeline without a schedule, and `ParamError` for params that do not
        meet their schemas. Interrupted, it ends its runs; started again, it goes on where it was.
        """
        pipeline, schedule = self._checked()
        dates = list(schedule.dates(self.start, self.end))
        ordered = dates[::-1] if self.run_backwards else dates
        outcomes: dict[datetime, BackfilledDate] = {}
        for outcome in self._outcomes(pipeline.name, ordered):
            outcomes[outcome.logical_date] = outcome
            on_end(outcome, len(outcomes), len(dates))
        missing = {date: BackfilledDate(logical_date=date, state=NOT_STARTED) for date in dates}
        return BackfillReport(pipeline=pipeline.name, dates=list({**missing, **outcomes}.values()))

    def planned(self) -> BackfillReport:
        """Give the dates, and which of them would be run; runs nothing."""
        pipeline, schedule = self._checked()
        dates = [
            BackfilledDate(
                logical_date=date,
                state=DONE if not self.rerun and _is_done(pipeline.name, date) else PLANNED,
            )
            for date in schedule.dates(self.start, self.end)
        ]
        return BackfillReport(pipeline=pipeline.name, dates=dates)

    def _checked(self) -> tuple[Pipeline, DagSchedule]:
        if self.end < self.start:
            raise LaunchError(
                f"The end of the range, {self.end.isoformat()}, is before its start, "
                f"{self.start.isoformat()}."
            )
        pipeline, schedule = load_pipeline(self.file)
        # Before any date: else each would be refused by itself.
        start_params(pipeline.name, self.params, self.conf)
        return pipeline, schedule

    def _outcomes(self, name: str, dates: Sequence[datetime]) -> Iterator[BackfilledDate]:
        waiting = iter(dates)
        with ThreadPoolExecutor(max_workers=self.jobs) as pool, _Processes() as processes:
            running: set[Future[BackfilledDate]] = set()
            stopped = False
            while True:
                while not stopped and len(running) < self.jobs:
                    date = next(waiting, None)
                    if date is None:
                        stopped = True
                    elif not self.rerun and _is_done(name, date):
                        yield BackfilledDate(logical_date=date, state=DONE)
                    else:
                        running.add(pool.submit(self._run_date, name, date, processes))
                if not running:
                    return
                ended, running = wait(running, return_when=FIRST_COMPLETED)
                for future in ended:
                    outcome = future.result()
                    stopped |= outcome.state != SUCCESS and not self.continue_on_failure
                    yield outcome

    def _run_date(self, name: str, date: datetime, processes: _Processes) -> BackfilledDate:
        order = {
            "file": str(self.file.resolve()),
            "logical_date": date.isoformat(),
            "params": dict(self.params),
            "conf": dict(self.conf),
            "run_type": "backfill",
        }
        before = {run.id for run in runs_at(name, date)}
        output = processes.run(order)
        runs = [mark_if_lost(run) for run in runs_at(name, date) if run.id not in before]
        if not runs:
            return BackfilledDate(logical_date=date, state=NOT_STARTED, error=output[-_LOG_TAIL:])
        return BackfilledDate(logical_date=date, state=run_state(runs[0]))


class _Processes:
    """The processes of a backfill, which end with it."""

    def __init__(self) -> None:
        self._running: set[subprocess.Popen[bytes]] = set()
        self._closed = False

    def __enter__(self) -> _Processes:
        return self

    def __exit__(self, *exception: object) -> None:
        self._closed = True
        for process in list(self._running):
            process.terminate()

    def run(self, order: Mapping[str, Any]) -> str:
        """Run one date to its end, and give what the process printed."""
        if self._closed:
            raise LaunchError("The backfill was interrupted.")
        with tempfile.TemporaryFile() as output:
            process = start_triggered(output)
            self._running.add(process)
            try:
                process.communicate(json.dumps(order).encode())
            finally:
                self._running.discard(process)
            output.seek(0)
            return output.read().decode(errors="replace")


def _is_done(name: str, date: datetime) -> bool:
    """Tell whether the newest run of the date succeeded."""
    runs = runs_at(name, date)
    return bool(runs) and run_state(runs[0]) == SUCCESS
