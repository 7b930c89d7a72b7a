"""Pipelines whose tasks look at the states of others."""

from __future__ import annotations

from typing import Any

from zenml import pipeline, step

from runtime.callables import get_current_context
from runtime.callbacks import failure_context, success_context
from runtime.context import RunContext
from runtime.dagrun import DagRun, airflow_task, each
from tests.runtime.dagrun.dags import OPTIONS

SEEN: dict[str, Any] = {}


def note_failure(exception: BaseException) -> None:
    """See how a task has failed."""
    ti = failure_context(exception)["ti"]
    SEEN["failure"] = (ti.state, ti.current_state(), ti.duration >= 0)


def note_success() -> None:
    """See how a task has succeeded."""
    ti = success_context()["ti"]
    SEEN["success"] = (ti.state, ti.start_date <= ti.end_date, bool(ti.hostname))


def note_end(context: Any) -> None:
    """See how the tasks of the run have ended."""
    run = context["dag_run"]
    SEEN["end"] = (
        run.get_state(),
        run.start_date <= run.end_date,
        [one.task_id for one in run.get_task_instances(state="failed")],
    )


@step(on_failure=note_failure)
@airflow_task
def fails() -> None:
    """Fail."""
    raise ValueError("no")


@step
@airflow_task
def gives(number: int) -> int:
    """Give the number."""
    return number


@step(on_success=note_success)
@airflow_task
def looks() -> None:
    """See the other tasks."""
    context = get_current_context()
    run, own = context["dag_run"], context["ti"]
    SEEN["all"] = {(one.task_id, one.map_index): one.state for one in run.get_task_instances()}
    SEEN["failed"] = [repr(one) for one in run.get_task_instances(["failed", None])]
    failed = run.get_task_instance("fails")
    SEEN["one"] = (failed.current_state(), failed.try_number, failed.duration >= 0)
    SEEN["log"] = failed.log_url
    blocked = run.get_task_instance("blocked")
    SEEN["blocked"] = (blocked.start_date, blocked.end_date, blocked.duration, blocked.try_number)
    SEEN["blocked log"] = blocked.log_url
    SEEN["instance"] = run.get_task_instance("mapped", map_index=1).state
    SEEN["nobody"] = run.get_task_instance("nobody")
    SEEN["own"] = (own.state, own.end_date, own.duration, run.end_date)


@pipeline(**OPTIONS)
def looking_dag(run: RunContext) -> None:
    """Tasks of all kinds of states, and one that looks at them."""
    with DagRun(run, on_failure=note_end) as dag:
        dag.task(fails, id="fails")
        dag.task(gives, 1, id="blocked", after=["fails"])
        dag.map(gives, number=each([1, 2]), id="mapped")
        dag.task(looks, id="looks", after=["blocked", "mapped"], trigger_rule="all_done")
        dag.task(fails, id="last", after=["looks"])


@step
def looks_plainly(number: int) -> list[str]:
    """See the states in a static pipeline, which no scheduler in this process knows."""
    found = get_current_context()["dag_run"].get_task_instances()
    return sorted(f"{one.task_id}: {one.state}" for one in found)


@step
def first() -> int:
    """Give a number."""
    return 1


@pipeline(enable_cache=False)
def static_dag(run: RunContext) -> None:
    """Two steps, the second of which looks at both."""
    looks_plainly(first(id="first"), id="looks")
