"""A pipeline whose hooks and callbacks are given by the pipeline, not by the steps."""

from __future__ import annotations

from typing import Any

from zenml import get_step_context, pipeline, step

from runtime.context import RunContext
from runtime.dagrun import DagRun, airflow_task, each
from runtime.exceptions import SkipTask
from tests.runtime.dagrun.dags import OPTIONS

TOLD: list[tuple[str, str]] = []


def on_success() -> None:
    """Note the success of a step, as all tasks do."""
    TOLD.append(("success", get_step_context().step_name))


def on_own_success() -> None:
    """Note the success of a step, as one task does."""
    TOLD.append(("own success", get_step_context().step_name))


def on_failure(error: BaseException) -> None:
    """Note the failure of a step."""
    TOLD.append(("failure", get_step_context().step_name))


def on_skipped(context: Any) -> None:
    """Note the skip of a task; the pipeline says so."""
    TOLD.append((context["ti"].state, context["ti"].task_id))


def on_own_skip(context: Any) -> None:
    """Note the skip of a task; the step says so."""
    TOLD.append(("own skip", context["ti"].task_id))


@step
@airflow_task
def skips() -> None:
    """Skip."""
    raise SkipTask("not today")


@step
@airflow_task(on_skipped=on_own_skip)
def skips_by_itself() -> None:
    """Skip, with a callback of its own."""
    raise SkipTask("not today")


@step
@airflow_task
def works(value: int = 1) -> list[int]:
    """Succeed."""
    return [value]


def refuse(value: int) -> int:
    """Raise, before the instance of a mapped task can start."""
    raise ValueError("no")


@pipeline(**OPTIONS)
def endings_dag(run: RunContext) -> None:
    """Tasks that end in all ways."""
    shared = {"on_success": on_success, "on_failure": on_failure}
    with DagRun(run, step_options=shared) as dag:
        dag.task(skips, id="skips", on_skipped=on_skipped)
        dag.task(skips_by_itself, id="own")
        given = dag.task(works, id="works", after=["nothing"])
        dag.map(works, value=each(given.map(refuse)), id="cannot")
        dag.task(works.with_options(on_success=on_own_success), id="nothing")
