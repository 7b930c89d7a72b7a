"""The run that a step belongs to, in Airflow's terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, JsonValue

from runtime.assets.events import AssetEvent
from runtime.exceptions import ContextError
from runtime.param_schemas import check_params
from runtime.schedule import DagSchedule

if TYPE_CHECKING:
    from zenml.models import PipelineRunResponse
    from zenml.steps.step_context import StepContext

_on_behalf_of: ContextVar[str | None] = ContextVar("on_behalf_of", default=None)
_INSTANCE = re.compile(r"(.*)\[(\d+)\]")
RunType = Literal["scheduled", "manual", "backfill", "dataset_triggered", "asset_triggered"]


class RunContext(BaseModel):
    """What an Airflow DagRun knows about itself; the pipeline parameter `run`.

    All dates are aware and in UTC. `prev_logical_date` and `next_logical_date` are those of the
    schedule's neighbouring runs, and `None` where the DAG has no schedule; at
    `next_data_interval_end` a newer run than this one is due. `timezone` is that of the DAG.
    `schedule` is set for runs that ZenML's own scheduler starts: those take their dates from it
    when they start.
    `triggering_events` are the updates of assets that started the run.
    """

    model_config = ConfigDict(frozen=True)

    dag_id: str
    run_id: str
    run_type: RunType = "manual"
    logical_date: AwareDatetime
    data_interval_start: AwareDatetime
    data_interval_end: AwareDatetime
    prev_logical_date: AwareDatetime | None = None
    next_logical_date: AwareDatetime | None = None
    next_data_interval_end: AwareDatetime | None = None
    params: dict[str, JsonValue] = Field(default_factory=dict)
    conf: dict[str, JsonValue] = Field(default_factory=dict)
    schedule: DagSchedule | None = None
    triggering_events: list[AssetEvent] = Field(default_factory=list)
    timezone: str = "UTC"

    @classmethod
    def for_schedule(
        cls,
        schedule: DagSchedule,
        logical_date: datetime,
        *,
        dag_id: str,
        run_type: RunType = "scheduled",
        params: Mapping[str, Any] | None = None,
        conf: Mapping[str, Any] | None = None,
    ) -> RunContext:
        """Make the context of the run that a schedule has at `logical_date`.

        A manual run has the interval that Airflow infers for it, and its neighbours are itself.
        `conf` wins over `params`, as with Airflow's `dag_run_conf_overrides_params`.
        """
        if run_type == "manual":
            start, end = schedule.manual_interval(logical_date)
            previous: datetime | None = logical_date
            following: datetime | None = logical_date
            due = None
        else:
            start, end = schedule.data_interval(logical_date)
            previous, following = schedule.neighbours(logical_date)
            due = schedule.data_interval(following)[1] if following else None
        return cls(
            dag_id=dag_id,
            run_id=f"{run_type}__{logical_date.isoformat()}",
            run_type=run_type,
            logical_date=logical_date,
            data_interval_start=start,
            data_interval_end=end,
            prev_logical_date=previous,
            next_logical_date=following,
            next_data_interval_end=due,
            params={**(params or {}), **(conf or {})},
            conf=dict(conf or {}),
            timezone=schedule.timezone,
        )


def current_run() -> RunContext:
    """Give the run of the step that is running.

    Reads the pipeline parameter `run` through ZenML's step context. Raises `ContextError` outside
    of a step, and in a pipeline that has no such parameter.
    """
    run = _step_context().pipeline_run
    return _run_context(str(run.id))


def task_id() -> str:
    """Give the task id of the step that is running: its invocation id without the map index."""
    return split_step_name(_step_context().step_run.name)[0]


def map_index() -> int:
    """Give which instance of a mapped task the step that is running is; -1 for any other task."""
    return split_step_name(_step_context().step_run.name)[1]


def split_step_name(name: str) -> tuple[str, int]:
    """Split `task[3]` into task id and map index; the index is -1 where the name has none."""
    found = _INSTANCE.fullmatch(name)
    return (found[1], int(found[2])) if found else (name, -1)


def step_params() -> dict[str, Any]:
    """Give the params that the task itself has, from the `extra` of the step that is running."""
    return _from_extra("params")


def _from_extra(key: str) -> dict[str, Any]:
    from zenml.steps.step_context import StepContext

    context = StepContext.get()
    extra = context.step_run.config.extra if context is not None else {}
    found = (extra or {}).get(key)
    return dict(found) if isinstance(found, dict) else {}


def params_of(run: RunContext, own: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Give the params of a task: the DAG's, the task's own, and what the run was started with.

    Raises `ParamError` where they do not meet the schemas of the task's own.
    Source: `airflow.models.param.process_params`.
    """
    params = {**run.params, **step_params(), **(own or {}), **run.conf}
    check_params("the task", params, _from_extra("param_schemas"))
    return params


def running_dag_id() -> str | None:
    """Give the DAG id of the step that is running; outside of a step, that of `on_behalf_of`."""
    from zenml.steps.step_context import StepContext

    context = StepContext.get()
    if context is None:
        return _on_behalf_of.get()
    parameters = context.pipeline_run.config.parameters or {}
    run = parameters.get("run")
    if isinstance(run, dict) and isinstance(run.get("dag_id"), str):
        return str(run["dag_id"])
    return context.pipeline.name


@contextmanager
def on_behalf_of(dag_id: str) -> Iterator[None]:
    """Let code in the block, outside of steps, find the configuration of a DAG: its callbacks."""
    token = _on_behalf_of.set(dag_id)
    try:
        yield
    finally:
        _on_behalf_of.reset(token)


def _step_context() -> StepContext:
    from zenml.steps.step_context import StepContext

    context = StepContext.get()
    if context is None:
        raise ContextError(
            "There is no running ZenML step here. Call this from inside a step, "
            "or pass the run context as an argument."
        )
    return context


# A run's parameters never change, and each look-up would ask ZenML's store again.
@lru_cache(maxsize=8)
def _run_context(run_id: str) -> RunContext:
    run = _step_context().pipeline_run
    parameters = run.config.parameters or {}
    if "run" not in parameters:
        raise ContextError(
            f"The pipeline of run {run.name!r} has no parameter `run`. Declare it as "
            "`def pipeline(run: RunContext)` and start it with `runtime.launch`."
        )
    context = RunContext.model_validate(parameters["run"])
    return context if context.schedule is None else _dated_now(context, context.schedule, run)


def _dated_now(context: RunContext, schedule: DagSchedule, run: PipelineRunResponse) -> RunContext:
    """Date a run that ZenML's scheduler started, and tag it so that others can wait for it."""
    from zenml import add_tags

    from runtime.runs import run_tags

    started = (run.start_time or run.created).replace(tzinfo=timezone.utc)
    logical_date = schedule.latest(started)
    if logical_date is None:
        raise ContextError(
            f"The run {run.name!r} started at {started}, when no data interval of its schedule "
            f"was complete: {schedule!r}. Correct the start date."
        )
    dated = RunContext.for_schedule(
        schedule, logical_date, dag_id=context.dag_id, params=context.params, conf=context.conf
    )
    add_tags(tags=[*run_tags(dated)], run=run.id)
    return dated
