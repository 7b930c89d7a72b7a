"""The objects of Airflow's context that templates and callables look into."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from runtime.context import RunContext
from runtime.moments import aware, seconds_between

if TYPE_CHECKING:
    from runtime.task_instances import TaskInstanceOfRun


@dataclass(frozen=True)
class Dag:
    """Airflow's `dag`, as far as a running pipeline knows it."""

    dag_id: str
    zone: str = "UTC"

    @property
    def timezone(self) -> Any:
        """Give the DAG's time zone, as pendulum has it."""
        import pendulum

        return pendulum.timezone(self.zone)


@dataclass(frozen=True)
class Task:
    """Airflow's `task`, as far as a running step knows it."""

    task_id: str
    dag_id: str
    own_params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def log(self) -> logging.Logger:
        """Give the logger that Airflow's tasks write to."""
        return logging.getLogger("airflow.task")

    @property
    def params(self) -> dict[str, Any]:
        """Give the DAG's params and the task's own, without what the run was started with."""
        from runtime.context import current_run, step_params

        return {**current_run().params, **step_params(), **self.own_params}

    def render_template(self, content: Any, context: Mapping[str, Any], *_: Any) -> Any:
        """Give text, and text in lists, dicts and the like, rendered with a context."""
        from runtime.context import current_run
        from runtime.templates import render

        return render(content, current_run(), self.task_id, extra=context)


class DagRun:
    """Airflow's `dag_run`. Its dates are those that Airflow reads from its database: the standard
    library's, unlike those of the context.
    """

    def __init__(self, run: RunContext) -> None:
        """Take the run's facts."""
        self._run = run
        self.dag_id = run.dag_id
        self.run_id = run.run_id
        self.run_type = run.run_type
        self.conf = run.conf
        self.logical_date = aware(run.logical_date)
        self.execution_date = self.logical_date
        self.data_interval_start = aware(run.data_interval_start)
        self.data_interval_end = aware(run.data_interval_end)
        self.external_trigger = run.run_type == "manual"
        self.state = "running"
        self.end_date: datetime | None = None

    def end(self, state: str) -> None:
        """Take the state that the run has ended in, for callbacks."""
        self.state, self.end_date = state, _now()

    @property
    def start_date(self) -> datetime | None:
        """Give when the run began."""
        from runtime.task_instances import run_started

        return run_started()

    def get_state(self) -> str:
        """Give the state."""
        return self.state

    def get_task_instances(
        self, state: str | Iterable[str | None] | None = None, session: Any = None
    ) -> list[TaskInstanceOfRun]:
        """Give the run's task instances, or those in some states; see `runtime.task_instances`."""
        from runtime.task_instances import task_instances

        return task_instances(self._run, state)

    def get_task_instance(
        self, task_id: str, session: Any = None, *, map_index: int = -1
    ) -> TaskInstanceOfRun | None:
        """Give one of the run's task instances; `None` for a task that there is not."""
        from runtime.task_instances import task_instance

        return task_instance(self._run, task_id, map_index)


class TaskInstance:
    """Airflow's `ti`: the step that is running, or that a callback is about."""

    state = "running"
    end_date: datetime | None = None

    def __init__(
        self, run: RunContext, task_id: str, own_params: Mapping[str, Any] | None = None
    ) -> None:
        """Take the run's facts, and the params of the task that its step does not have."""
        self.task_id = task_id
        self.dag_id = run.dag_id
        self.run_id = run.run_id
        self.task = Task(task_id, run.dag_id, own_params or {})
        self.dag_run = DagRun(run)
        self.logical_date = self.dag_run.logical_date
        self.execution_date = self.logical_date

    @property
    def map_index(self) -> int:
        """Give which instance of a mapped task this is; -1 for any other task."""
        from runtime.context import map_index

        return map_index()

    @property
    def log(self) -> logging.Logger:
        """Give the logger that Airflow's tasks write to."""
        return self.task.log

    @property
    def start_date(self) -> datetime | None:
        """Give when the attempt began."""
        from zenml import get_step_context

        return aware(get_step_context().step_run.start_time)

    @property
    def duration(self) -> float | None:
        """Give the seconds that the attempt took; `None` as long as it goes on."""
        return seconds_between(self.start_date, self.end_date) if self.end_date else None

    @property
    def hostname(self) -> str:
        """Give the name of the machine that the step runs on, as Airflow asks for it."""
        from socket import getfqdn

        return getfqdn()

    def current_state(self, *_: Any) -> str:
        """Give the state."""
        return self.state

    def end(self, state: str) -> None:
        """Take the state that the attempt has ended in, for callbacks."""
        self.state, self.end_date = state, _now()

    def get_dagrun(self, *_: Any) -> DagRun:
        """Give the run that the task belongs to."""
        return self.dag_run

    def get_template_context(self, *_: Any) -> Mapping[str, Any]:
        """Give the context of the step that is running."""
        from runtime.callables import get_current_context

        return get_current_context()

    @property
    def try_number(self) -> int:
        """Give the number of the attempt, from 1."""
        from zenml import get_step_context

        return get_step_context().step_run.version

    @property
    def max_tries(self) -> int:
        """Give the number of retries, without the first attempt."""
        from zenml import get_step_context

        retry = get_step_context().step_run.config.retry
        return retry.max_retries if retry else 0

    @property
    def log_url(self) -> str:
        """Give the run's page in ZenML's dashboard; without a server, where the log file is."""
        from zenml import get_step_context

        from runtime.log_pages import log_page

        context = get_step_context()
        return log_page(context.pipeline_run, context.step_run)

    def xcom_pull(
        self,
        task_ids: str | Iterable[str] | None = None,
        dag_id: str | None = None,
        key: str | None = "return_value",
        include_prior_dates: bool = False,
        *,
        map_indexes: int | Iterable[int] | None = None,
        default: Any = None,
    ) -> Any:
        """Give what other tasks of this run returned or pushed; see `runtime.xcom.xcom_pull`."""
        from runtime.xcom import xcom_pull

        return xcom_pull(
            task_ids,
            key=key,
            dag_id=dag_id,
            map_indexes=map_indexes,
            include_prior_dates=include_prior_dates,
            default=default,
        )

    def xcom_push(self, key: str, value: Any) -> None:
        """Store a value under a key; see `runtime.xcom.xcom_push`."""
        from runtime.xcom import xcom_push

        xcom_push(key, value)


def _now() -> datetime:
    from runtime.airflow_times import utcnow

    return utcnow()
