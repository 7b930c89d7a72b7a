"""What a pipeline's `extra` says of SLAs and deadlines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from runtime.exceptions import LaunchError

if TYPE_CHECKING:
    from zenml.pipelines.pipeline_definition import Pipeline

SLA, DEADLINES = "sla", "deadlines"
T = TypeVar("T")


class _Spec(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Callback(_Spec):
    """A function by its dotted path, and the keyword arguments that it gets besides Airflow's."""

    path: str
    kwargs: dict[str, JsonValue] = Field(default_factory=dict)


class Sla(_Spec):
    """Airflow 2's `sla` of tasks, in seconds, and `sla_miss_callback` of the DAG; `email` has the
    addresses that Airflow writes to, by task.
    """

    tasks: dict[str, float] = Field(min_length=1)
    callbacks: list[Callback] = Field(default_factory=list)
    email: dict[str, list[str]] = Field(default_factory=dict)

    def interval(self, task_id: str) -> timedelta:
        """Give the time that a task has."""
        return timedelta(seconds=self.tasks[task_id])


class FixedDatetime(_Spec):
    """`DeadlineReference.FIXED_DATETIME`."""

    datetime: datetime


class AverageRuntime(_Spec):
    """`DeadlineReference.AVERAGE_RUNTIME`; fewer runs than `min_runs` have no deadline."""

    max_runs: int = Field(default=10, ge=1)
    min_runs: int | None = Field(default=None, ge=1)


class Deadline(_Spec):
    """Airflow 3's `DeadlineAlert`: so many seconds after a reference. `variable` names an Airflow
    Variable that has the seconds.
    """

    reference: Literal["logical_date", "queued_at"] | FixedDatetime | AverageRuntime
    seconds: float | None = None
    variable: str | None = None
    callback: Callback


def sla_of(pipeline: Pipeline) -> Sla | None:
    """Give the SLAs of a pipeline; raises `LaunchError` for what cannot be read."""
    return _read(Sla, pipeline, SLA)


def deadlines_of(pipeline: Pipeline) -> list[Deadline]:
    """Give the deadlines of a pipeline; raises `LaunchError` for what cannot be read."""
    return _read(list[Deadline], pipeline, DEADLINES) or []


def _read(kind: type[T], pipeline: Pipeline, name: str) -> T | None:
    extra: Mapping[str, Any] = pipeline.configuration.extra
    if name not in extra:
        return None
    try:
        return TypeAdapter(kind).validate_python(extra[name])
    except ValidationError as error:
        places = [
            f"{'.'.join(map(str, one['loc'])) or name}: {one['msg']}" for one in error.errors()
        ]
        raise LaunchError(
            f"extra[{name!r}] of the pipeline {pipeline.name!r} cannot be read: {'; '.join(places)}"
        ) from error
