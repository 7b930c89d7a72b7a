"""The run, or the tasks of a run, of another pipeline that a step waits for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from runtime.exceptions import ExternalPipelineNotFoundError
from runtime.report import run_state, task_states
from runtime.runs import logical_date_tag, runs_at


@dataclass(frozen=True)
class Awaited:
    """A pipeline at a logical date; with `tasks`, those tasks of it."""

    pipeline: str
    logical_date: datetime
    tasks: tuple[str, ...] = ()

    def states(self) -> list[str | None]:
        """Give the present state of the run, or of each task; `None` for what has not run."""
        runs = runs_at(self.pipeline, self.logical_date)
        if not runs:
            return [None]
        # Airflow has one DagRun of a date, and a repetition resets it: so the newest run counts.
        newest = runs[0]
        if not self.tasks:
            return [run_state(newest)]
        states = task_states(newest)
        return [states.get(task) for task in self.tasks]

    def check_existence(self) -> None:
        """Raise `ExternalPipelineNotFoundError` unless pipeline and tasks are known."""
        from zenml.client import Client

        try:
            Client().get_pipeline(self.pipeline)
        except KeyError as error:
            raise ExternalPipelineNotFoundError(
                f"There is no pipeline {self.pipeline!r} to wait for. Correct the name, or run it "
                "once on this stack."
            ) from error
        runs = Client().list_pipeline_runs(pipeline=self.pipeline, sort_by="desc:created", size=1)
        known: Collection[str] = task_states(runs.items[0]) if runs.items else ()
        missing = [task for task in self.tasks if task not in known]
        if missing:
            raise ExternalPipelineNotFoundError(
                f"The pipeline {self.pipeline!r} has no task {', '.join(missing)} to wait for. "
                f"Its tasks are: {', '.join(sorted(known)) or 'unknown, it never ran'}."
            )

    def __str__(self) -> str:
        """Name what is awaited, for messages."""
        tasks = f" (tasks {', '.join(self.tasks)})" if self.tasks else ""
        return f"pipeline {self.pipeline!r}{tasks} at {logical_date_tag(self.logical_date)}"
