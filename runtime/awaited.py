"""The run, or the tasks of a run, of another pipeline that a step waits for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from runtime.context import split_step_name
from runtime.elsewhere import run_elsewhere, task_ids_elsewhere
from runtime.exceptions import ExternalPipelineNotFoundError
from runtime.lost_runs import mark_if_lost
from runtime.report import run_state, task_states
from runtime.runs import logical_date_tag, runs_at


@dataclass(frozen=True)
class Awaited:
    """A pipeline at a logical date; with `tasks`, those tasks of it, with `group` those whose id
    begins with the group's.
    """

    pipeline: str
    logical_date: datetime
    tasks: tuple[str, ...] = ()
    group: str | None = None

    def states(self) -> list[str | None]:
        """Give the present state of the run, or of each task; `None` for what has not run."""
        whole = not self.tasks and self.group is None
        runs = runs_at(self.pipeline, self.logical_date)
        if not runs:
            return self._states_elsewhere(whole=whole)
        # Airflow has one DagRun of a date, and a repetition resets it: so the newest run counts.
        newest = mark_if_lost(runs[0])
        return [run_state(newest)] if whole else self._of_tasks(task_states(newest))

    def _states_elsewhere(self, *, whole: bool) -> list[str | None]:
        run = run_elsewhere(self.pipeline, self.logical_date, tasks=not whole)
        if run is None:
            return [None]
        return [run.state] if whole else self._of_tasks(run.tasks)

    def _of_tasks(self, states: Mapping[str, str | None]) -> list[str | None]:
        if self.group is not None:
            return self._of_group(states) or [None]
        return [state for task in self.tasks for state in self._of_task(task, states)]

    def check_existence(self) -> None:
        """Raise `ExternalPipelineNotFoundError` unless pipeline and tasks are known."""
        known = self._known_tasks()
        if self.group is not None and known and not self._of_group(dict.fromkeys(known)):
            raise ExternalPipelineNotFoundError(
                f"The pipeline {self.pipeline!r} has no task in a group {self.group!r} to wait "
                f"for. Its tasks are: {', '.join(sorted(known))}."
            )
        missing = [task for task in self.tasks if not _instances(task, known)]
        if missing:
            raise ExternalPipelineNotFoundError(
                f"The pipeline {self.pipeline!r} has no task {', '.join(missing)} to wait for. "
                f"Its tasks are: {', '.join(sorted(known)) or 'unknown, it never ran'}."
            )

    def _known_tasks(self) -> Collection[str]:
        from zenml.client import Client

        elsewhere = task_ids_elsewhere(self.pipeline)
        if elsewhere is not None:
            return elsewhere
        try:
            Client().get_pipeline(self.pipeline)
        except KeyError as error:
            raise ExternalPipelineNotFoundError(
                f"There is no pipeline {self.pipeline!r} to wait for. Correct the name, run it "
                "once on this stack, or say under `upstreams` of the configuration where it runs."
            ) from error
        runs = Client().list_pipeline_runs(pipeline=self.pipeline, sort_by="desc:created", size=1)
        return task_states(runs.items[0]) if runs.items else ()

    def _of_task(self, task: str, states: Mapping[str, str | None]) -> list[str | None]:
        """Give the state of a task, or those of the instances of a mapped one."""
        return [states[name] for name in _instances(task, states)] or [None]

    def _of_group(self, states: Mapping[str, str | None]) -> list[str | None]:
        return [state for task, state in states.items() if task.startswith(f"{self.group}.")]

    def __str__(self) -> str:
        """Name what is awaited, for messages."""
        tasks = f" (tasks {', '.join(self.tasks)})" if self.tasks else ""
        if self.group is not None:
            tasks = f" (group {self.group})"
        return f"pipeline {self.pipeline!r}{tasks} at {logical_date_tag(self.logical_date)}"


def _instances(task: str, known: Collection[str]) -> list[str]:
    return [name for name in known if split_step_name(name)[0] == task]
