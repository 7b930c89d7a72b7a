"""The objects of Airflow's context that templates and callables look into."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from runtime.context import RunContext


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

    @property
    def log(self) -> logging.Logger:
        """Give the logger that Airflow's tasks write to."""
        return logging.getLogger("airflow.task")

    def render_template(self, content: Any, context: Mapping[str, Any], *_: Any) -> Any:
        """Give text, and text in lists, dicts and the like, rendered with a context."""
        from runtime.context import current_run
        from runtime.templates import render

        return render(content, current_run(), self.task_id, extra=context)


class DagRun:
    """Airflow's `dag_run`. Its dates are those that Airflow reads from its database: the standard
    library's, unlike those of the context.
    """

    def __init__(self, run: RunContext, state: str = "running") -> None:
        """Take the run's facts."""
        self.dag_id = run.dag_id
        self.run_id = run.run_id
        self.run_type = run.run_type
        self.conf = run.conf
        self.logical_date = _utc(run.logical_date)
        self.execution_date = self.logical_date
        self.data_interval_start = _utc(run.data_interval_start)
        self.data_interval_end = _utc(run.data_interval_end)
        self.external_trigger = run.run_type == "manual"
        self.state = state


class TaskInstance:
    """Airflow's `ti`: the step that is running."""

    def __init__(self, run: RunContext, task_id: str) -> None:
        """Take the run's facts."""
        self.task_id = task_id
        self.dag_id = run.dag_id
        self.run_id = run.run_id
        self.task = Task(task_id, run.dag_id)
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

        return _aware(get_step_context().step_run.start_time)

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
        from zenml.utils.dashboard_utils import get_run_url

        context = get_step_context()
        logs = context.step_run.log_collection or []
        return get_run_url(context.pipeline_run) or next((log.uri for log in logs if log.uri), "")

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


def _aware(moment: datetime | None) -> datetime | None:
    """Give a moment of ZenML's, which are in UTC without saying so, as Airflow has it."""
    from runtime.airflow_times import utc

    return None if moment is None else moment.replace(tzinfo=moment.tzinfo or utc)


def _utc(moment: datetime) -> datetime:
    from runtime.airflow_times import utc

    return moment.astimezone(utc)
