"""Say in Airflow's terms what became of a ZenML run."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import TYPE_CHECKING, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    JsonValue,
    SerializerFunctionWrapHandler,
    model_serializer,
)
from pydantic_core import to_jsonable_python

from runtime import xcom
from runtime.failed_callbacks import failed_callbacks

if TYPE_CHECKING:
    from zenml.models import ArtifactVersionResponse, PipelineRunResponse, StepRunResponse

logger = logging.getLogger(__name__)

SUCCESS, FAILED, UPSTREAM_FAILED, RUNNING = "success", "failed", "upstream_failed", "running"
SKIPPED = "skipped"
_PLAIN_MODULES = frozenset(
    {"builtins", "datetime", "pendulum.datetime", "decimal", "uuid", "pathlib"}
)
"""Modules of values that are shown although ZenML has no plain materializer for them."""
# The metadata in which a dynamic run notes the states of its tasks, and a step that it skipped.
TASK_STATES, TASK_STATE = "airflow_states", "airflow_state"
STATES_SO_FAR = "airflow_states_so_far"  # JSON, while the run goes on
# https://airflow.apache.org/docs/apache-airflow/2.11.0/core-concepts/tasks.html#task-instances
_AIRFLOW_STATES = {
    "initializing": "scheduled",
    "provisioning": "queued",
    "queued": "queued",
    "running": RUNNING,
    "failed": FAILED,
    "completed": SUCCESS,
    "cached": SUCCESS,
    "skipped": SKIPPED,
    "retrying": "up_for_retry",
    "retried": "up_for_retry",
    "cancelling": "restarting",
    "cancelled": FAILED,
    "paused": "deferred",
    "resuming": "scheduled",
    "stopped": FAILED,
    "stopping": "restarting",
}
# A task of several steps is in the first of these states that one of its steps is in.
_PRECEDENCE = (FAILED, RUNNING, "up_for_retry", "queued", "scheduled", UPSTREAM_FAILED, None)


class TaskReport(BaseModel):
    """A task's Airflow state (`None`: it never ran), and its XCom values by key."""

    model_config = ConfigDict(frozen=True)

    state: str | None
    xcom: dict[str, JsonValue] = Field(default_factory=dict)


class RunReport(BaseModel):
    """A run's Airflow state, its tasks by id, and the errors of callbacks that failed, by callback.

    The last are written only where there are some: they change no state.
    """

    model_config = ConfigDict(frozen=True)

    state: str
    tasks: dict[str, TaskReport]
    failed_callbacks: dict[str, str] = Field(default_factory=dict)
    run_name: str = Field(exclude=True)

    @property
    def warnings(self) -> list[str]:
        """Give a line for each callback that failed."""
        return [f"callback {name} failed: {text}" for name, text in self.failed_callbacks.items()]

    @model_serializer(mode="wrap")
    def _without_nothing(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        written: dict[str, Any] = write(self)
        return {key: item for key, item in written.items() if item or key != "failed_callbacks"}


def run_report(run: PipelineRunResponse, tasks: Iterable[str] | None = None) -> RunReport:
    """Report a run; `tasks` are the ids to report, without it those of the pipeline's graph.

    The steps `T.load_features` and the like are parts of the task `T`, which has their state. Of a
    dynamic run, the instances of a mapped task are named `task[0]`, `task[1]`, and so on.
    """
    steps = _steps(run)
    states = _task_states(run, steps)
    wanted = list(tasks) if tasks is not None else list(states)
    return RunReport(
        state=run_state(run),
        tasks={
            task: TaskReport(state=states.get(task), xcom=_xcom(steps.get(task))) for task in wanted
        },
        failed_callbacks=failed_callbacks(run, steps),
        run_name=run.name,
    )


def run_state(run: PipelineRunResponse) -> str:
    """Give the run's state as a DagRun's: `queued`, `running`, `success` or `failed`."""
    state = _AIRFLOW_STATES[run.status.value]
    return state if state in (SUCCESS, FAILED, "queued") else RUNNING


def task_states(run: PipelineRunResponse) -> dict[str, str | None]:
    """Give the state of every task of the pipeline's graph.

    A dynamic run notes its tasks' states when it ends. While it goes on, it notes them from time
    to time, and what its steps say is newer.
    """
    return _task_states(run, _steps(run))


def _steps(run: PipelineRunResponse) -> dict[str, StepRunResponse]:
    """Read all steps with their details at once.

    `run.steps` asks ZenML's store for all of them each time it is named, and each step then for
    its details: with a thousand steps, that would take longer than the run.
    """
    from zenml.client import Client
    from zenml.utils.pagination_utils import depaginate

    found = depaginate(
        Client().list_run_steps,
        pipeline_run_id=run.id,
        project=run.project_id,
        exclude_retried=True,
        hydrate=True,
    )
    return {step.name: step for step in found}


def _task_states(
    run: PipelineRunResponse, steps: Mapping[str, StepRunResponse]
) -> dict[str, str | None]:
    noted = run.run_metadata.get(TASK_STATES)
    if isinstance(noted, dict):
        return {task: str(state) or None for task, state in noted.items()}
    states = _states(steps, _graph(run, steps))
    folded = {task: _fold(task, states) for task in _tasks(states)}
    so_far = run.run_metadata.get(STATES_SO_FAR)
    return {**json.loads(so_far), **folded} if isinstance(so_far, str) else folded


def _graph(run: PipelineRunResponse, steps: Mapping[str, StepRunResponse]) -> dict[str, list[str]]:
    if run.snapshot is None or run.snapshot.is_dynamic:
        return {name: list(step.spec.upstream_steps) for name, step in steps.items()}
    configured = run.snapshot.step_configurations
    return {name: list(step.spec.upstream_steps) for name, step in configured.items()}


def _states(
    steps: Mapping[str, StepRunResponse], upstream: Mapping[str, list[str]]
) -> dict[str, str | None]:
    """Give each step's state; one without a record did not run because of what is upstream."""
    states: dict[str, str | None] = {}

    def state(name: str) -> str | None:
        if name not in states:
            step = steps.get(name)
            states[name] = _step_state(step) if step else not_run(name)
        return states[name]

    def not_run(name: str) -> str | None:
        above = {state(other) for other in upstream.get(name, [])}
        return UPSTREAM_FAILED if above & {FAILED, UPSTREAM_FAILED} else None

    for name in upstream:
        state(name)
    return states


def _step_state(step: StepRunResponse) -> str:
    if step.status.is_successful and step.run_metadata.get(TASK_STATE) == SKIPPED:
        return SKIPPED
    return _AIRFLOW_STATES[step.status.value]


def _tasks(states: Mapping[str, Any]) -> list[str]:
    return [name for name in states if name.rpartition(".")[0] not in states]


def _fold(task: str, states: Mapping[str, str | None]) -> str | None:
    own = [state for name, state in states.items() if name == task or _is_part(name, task, states)]
    return next((state for state in _PRECEDENCE if state in own), own[0] if own else None)


def _is_part(name: str, task: str, states: Mapping[str, str | None]) -> bool:
    return task in states and name.rpartition(".")[0] == task


def _xcom(step: StepRunResponse | None) -> dict[str, JsonValue]:
    if step is None:
        return {}
    found = {key: xcom.find_artifact(step, key) for key in xcom.keys(step)}
    values = {key: _plain(artifact) for key, artifact in found.items() if artifact}
    returned = values.get(xcom.RETURN_VALUE)
    if xcom.has_multiple_outputs(step) and isinstance(returned, dict):
        return {**returned, **values}
    return values


def _plain(artifact: ArtifactVersionResponse) -> JsonValue:
    """Give the value of an artifact as JSON; one that is no plain data is named, not loaded."""
    builtin = "zenml.materializers.built_in_materializer"
    pydantic = "zenml.materializers.pydantic_materializer"
    known = artifact.materializer.module in (builtin, pydantic)
    named = f"<{artifact.data_type.attribute} artifact {artifact.id}>"
    if not known and artifact.data_type.module not in _PLAIN_MODULES:
        return named
    try:
        loaded = artifact.load()
    except Exception as error:  # ZenML cannot read all that it writes: named tuples, for one
        logger.warning("The value of %s cannot be read: %s", named, error)
        return named
    value: JsonValue = to_jsonable_python(_dates_as_text(loaded), fallback=repr)
    return value


def _dates_as_text(value: Any) -> Any:
    """Write dates as Airflow does: with an offset, and never with `Z`."""
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _dates_as_text(item) for key, item in value.items()}
    if type(value) in (list, tuple):
        return [_dates_as_text(item) for item in value]
    return value
