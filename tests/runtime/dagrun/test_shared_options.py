"""What all tasks of a DAG share is said once; a task's own word wins."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from zenml import pipeline, step
from zenml.config.retry_config import StepRetryConfig
from zenml.enums import ExecutionMode

from runtime.context import RunContext
from runtime.dagrun import DagRun, plan
from runtime.dagrun.callbacks import _function, _listed
from runtime.dagrun.shared_options import with_shared_options
from runtime.steps import do_nothing

DAY = datetime(2024, 1, 1, tzinfo=timezone.utc)
RUN = RunContext(
    dag_id="probe",
    run_id="test",
    logical_date=DAY,
    data_interval_start=DAY,
    data_interval_end=DAY,
)
HOOK = "runtime.alerts.incident_io"


@step
def work() -> None:
    """Do nothing."""


def test_a_step_gets_what_it_does_not_have() -> None:
    shared = with_shared_options(work, {"on_failure": HOOK})
    assert shared.configuration.failure_hook_source.attribute == "incident_io"
    assert work.configuration.failure_hook_source is None


def test_a_step_keeps_what_it_has() -> None:
    own = work.with_options(on_failure="runtime.callbacks.failure_context")
    assert with_shared_options(own, {"on_failure": HOOK}) is own


@pipeline(
    name="probe",
    dynamic=True,
    enable_cache=False,
    execution_mode=ExecutionMode.CONTINUE_ON_FAILURE,
    retry=StepRetryConfig(max_retries=2, delay=60, backoff=1),
)
def probe(run: RunContext) -> None:
    """Note tasks with options of their own."""
    with DagRun(run, step_options={"on_failure": HOOK}, depends_on_past=True, pool="small") as dag:
        dag.task(do_nothing, id="a")
        dag.task(
            do_nothing.with_options(retry=StepRetryConfig(max_retries=5, delay=1, backoff=1)),
            id="b",
            after=["a"],
            depends_on_past=False,
            trigger_rule="all_done",
        )


def test_a_plan_tells_retries_of_the_step_or_of_the_pipeline() -> None:
    planned = plan(probe, RUN)
    assert [(task.id, task.retries, task.retry_delay_seconds) for task in planned.tasks] == [
        ("a", 2, 60),
        ("b", 5, 1),
    ]
    assert planned["b"].trigger_rule == "all_done"


def test_shared_scheduling_is_a_default() -> None:
    dag = DagRun(RUN, depends_on_past=True, wait_for_downstream=True, pool="small")
    dag.task(do_nothing, id="a")
    dag.task(do_nothing, id="b", depends_on_past=False, pool="large")
    notes = dag.graph().notes
    shown = [
        (one.depends_on_past, one.wait_for_downstream, one.pool)
        for one in (notes["a"].scheduling, notes["b"].scheduling)
    ]
    assert shown == [(True, True, "small"), (False, True, "large")]


@pytest.mark.parametrize("given", [len, "builtins.len"])
def test_a_callback_is_a_function_or_its_name(given: object) -> None:
    (one,) = _listed(given)  # type: ignore[arg-type]
    assert _function(one) is len


def test_callbacks_may_be_several() -> None:
    assert [*_listed([len, "builtins.max"])] == [len, "builtins.max"]
