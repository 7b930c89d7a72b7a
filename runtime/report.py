"""Say in Airflow's terms what became of a ZenML run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic_core import to_jsonable_python

from runtime import xcom

if TYPE_CHECKING:
    from zenml.models import ArtifactVersionResponse, PipelineRunResponse, StepRunResponse

SUCCESS, FAILED, UPSTREAM_FAILED, RUNNING = "success", "failed", "upstream_failed", "running"
# https://airflow.apache.org/docs/apache-airflow/2.11.0/core-concepts/tasks.html#task-instances
_AIRFLOW_STATES = {
    "initializing": "scheduled",
    "provisioning": "queued",
    "queued": "queued",
    "running": RUNNING,
    "failed": FAILED,
    "completed": SUCCESS,
    "cached": SUCCESS,
    "skipped": "skipped",
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
    """A run's Airflow state, and its tasks by id."""

    model_config = ConfigDict(frozen=True)

    state: str
    tasks: dict[str, TaskReport]
    run_name: str = Field(exclude=True)


def run_report(run: PipelineRunResponse, tasks: Iterable[str] | None = None) -> RunReport:
    """Report a run; `tasks` are the ids to report, without it those of the pipeline's graph.

    The steps `T.load_features` and the like are parts of the task `T`, which has their state.
    """
    upstream = _graph(run)
    states = _states(run, upstream)
    wanted = list(tasks) if tasks is not None else _tasks(states)
    return RunReport(
        state=run_state(run),
        tasks={
            task: TaskReport(state=_fold(task, states), xcom=_xcom(run.steps.get(task)))
            for task in wanted
        },
        run_name=run.name,
    )


def run_state(run: PipelineRunResponse) -> str:
    """Give the run's state as a DagRun's: `queued`, `running`, `success` or `failed`."""
    state = _AIRFLOW_STATES[run.status.value]
    return state if state in (SUCCESS, FAILED, "queued") else RUNNING


def task_states(run: PipelineRunResponse) -> dict[str, str | None]:
    """Give the state of every task of the pipeline's graph."""
    states = _states(run, _graph(run))
    return {task: _fold(task, states) for task in _tasks(states)}


def _graph(run: PipelineRunResponse) -> dict[str, list[str]]:
    if run.snapshot is None:
        return {name: list(step.spec.upstream_steps) for name, step in run.steps.items()}
    steps = run.snapshot.step_configurations
    return {name: list(step.spec.upstream_steps) for name, step in steps.items()}


def _states(
    run: PipelineRunResponse, upstream: Mapping[str, list[str]]
) -> dict[str, str | None]:  # fmt: skip
    """Give each step's state; one without a record did not run because of what is upstream."""
    states: dict[str, str | None] = {}

    def state(name: str) -> str | None:
        if name not in states:
            step = run.steps.get(name)
            states[name] = _AIRFLOW_STATES[step.status.value] if step else not_run(name)
        return states[name]

    def not_run(name: str) -> str | None:
        above = {state(other) for other in upstream.get(name, [])}
        return UPSTREAM_FAILED if above & {FAILED, UPSTREAM_FAILED} else None

    for name in upstream:
        state(name)
    return states


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
    return {key: _plain(artifact) for key, artifact in found.items() if artifact}


def _plain(artifact: ArtifactVersionResponse) -> JsonValue:
    """Give the value of an artifact as JSON; one that is no plain data is named, not loaded."""
    builtin = "zenml.materializers.built_in_materializer"
    pydantic = "zenml.materializers.pydantic_materializer"
    if artifact.materializer.module not in (builtin, pydantic):
        return f"<{artifact.data_type.attribute} artifact {artifact.id}>"
    value: JsonValue = to_jsonable_python(artifact.load(), fallback=repr)
    return value
