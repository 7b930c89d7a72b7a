"""The task instances of the run, for code that asks how other tasks ended.

`dag_run.get_task_instances()` is what Airflow 2 calls them. Source:
`airflow.models.dagrun.DagRun.fetch_task_instances`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from runtime.context import RunContext, split_step_name
from runtime.exceptions import ContextError
from runtime.moments import aware, seconds_between

if TYPE_CHECKING:
    from zenml.models import PipelineRunResponse, StepRunResponse


class TaskInstanceOfRun:
    """One of the run's task instances, with the state that it had when it was asked for.

    Its dates, in UTC, and the number of its tries are those of its step: `None` and 0 for a task
    that did not run.
    """

    def __init__(
        self, run: RunContext, label: str, state: str | None, zenml_run: PipelineRunResponse
    ) -> None:
        """Take what is known; the step is looked up when it is needed."""
        self.task_id, self.map_index = split_step_name(label)
        self.dag_id = run.dag_id
        self.run_id = run.run_id
        self.logical_date = aware(run.logical_date)
        self.execution_date = self.logical_date
        self.state = state
        self._label = label
        self._zenml_run = zenml_run

    def __repr__(self) -> str:
        """Show the instance as Airflow does."""
        index = f" map_index={self.map_index}" if self.map_index >= 0 else ""
        return f"<TaskInstance: {self.dag_id}.{self.task_id} {self.run_id}{index} [{self.state}]>"

    def current_state(self) -> str | None:
        """Give the state."""
        return self.state

    @property
    def start_date(self) -> datetime | None:
        """Give when the last try began."""
        return aware(self._step.start_time) if self._step else None

    @property
    def end_date(self) -> datetime | None:
        """Give when the task ended; `None` as long as it runs."""
        return aware(self._step.end_time) if self._step else None

    @property
    def duration(self) -> float | None:
        """Give the seconds that the last try took."""
        return seconds_between(self.start_date, self.end_date)

    @property
    def try_number(self) -> int:
        """Give how often the task was tried."""
        return self._step.version if self._step else 0

    @property
    def log_url(self) -> str:
        """Give where the log is; empty for a task that did not run."""
        from runtime.log_pages import log_page

        return log_page(self._zenml_run, self._step) if self._step else ""

    @cached_property
    def _step(self) -> StepRunResponse | None:
        from zenml.client import Client

        found = Client().list_run_steps(
            pipeline_run_id=self._zenml_run.id,
            project=self._zenml_run.project_id,
            name=self._label,
            exclude_retried=True,
            hydrate=True,
            size=1,
        )
        return found.items[0] if found.items else None


def task_instances(
    run: RunContext, state: str | Iterable[str | None] | None = None
) -> list[TaskInstanceOfRun]:
    """Give the instances of the run that is going on, those in one of the states where some are given.

    The run is that of the step, or in callbacks of the DAG that of the pipeline; raises
    `ContextError` outside of both.
    """
    zenml_run = _zenml_run()
    wanted = {state} if isinstance(state, str) else set(state or ())
    return [
        TaskInstanceOfRun(run, label, found, zenml_run)
        for label, found in _states(zenml_run).items()
        if not wanted or found in wanted
    ]


def task_instance(run: RunContext, task_id: str, map_index: int = -1) -> TaskInstanceOfRun | None:
    """Give one instance; `None` for a task that the run has not."""
    found = task_instances(run)
    return next((i for i in found if (i.task_id, i.map_index) == (task_id, map_index)), None)


def run_started() -> datetime | None:
    """Give when the run that is going on began."""
    return aware(_zenml_run().start_time)


def _states(zenml_run: PipelineRunResponse) -> dict[str, str | None]:
    from zenml.client import Client

    from runtime.dagrun.live import states_of
    from runtime.report import task_states

    live = states_of(zenml_run.id)
    return {**(live or task_states(Client().get_pipeline_run(zenml_run.id)))}


def _zenml_run() -> PipelineRunResponse:
    from zenml.execution.pipeline.dynamic.run_context import DynamicPipelineRunContext
    from zenml.steps.step_context import StepContext

    step = StepContext.get()
    if step is not None:
        return step.pipeline_run
    pipeline = DynamicPipelineRunContext.get()
    if pipeline is None:
        raise ContextError(
            "There is no run here whose tasks could be looked at. Ask from inside a step, "
            "or from a callback."
        )
    return pipeline.run
