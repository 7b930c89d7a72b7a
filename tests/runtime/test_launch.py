"""Emitted pipelines, loaded from files and run for real."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from pathlib import Path

import pytest

from runtime import launch
from tests.conftest import EmittedProject

PIPELINE = """
from zenml import pipeline
from zenml.config.retry_config import StepRetryConfig

from runtime.context import RunContext
from runtime.schedule import DagSchedule
from runtime.steps import do_nothing, not_translated, run_bash
from steps.nightly import count, describe, dump

SCHEDULE = DagSchedule(cron="0 2 * * *", start_date="2024-01-01T00:00:00+00:00")


@pipeline(
    name="nightly",
    enable_cache=False,
    retry=StepRetryConfig(max_retries=1, delay=0, backoff=1),
    on_failure="steps.nightly.remember",
    on_end="steps.nightly.remember_retry",
    tags=["team"],
)
def nightly(run: RunContext) -> None:
    do_nothing(id="begin")
    run_bash("echo {{ ds }} {{ params.market }} {{ run_id }}", id="say", after=["begin"])
    count(id="count", after=["begin"])
    describe(id="describe", after=["count"])
    dump(id="dump.part", after=["describe"])
    dump(id="dump", after=["dump.part"])
    not_translated("D2Z301", "No rule for FooOperator.", id="foo", after=["say"])
    run_bash("echo never", id="after_foo", after=["foo"])
    run_bash("echo never", id="last", after=["after_foo", "describe"])
"""
STEPS = """
from typing import Any

from pandas import DataFrame
from zenml import step

from runtime.callables import call_python
from runtime.callbacks import failure_context, retry_pending
from runtime.context import current_run

SEEN: list[Any] = []


@step(extra={"multiple_outputs": True})
def count() -> dict[str, int]:
    return {"rows": 3, "bad": 1}


def _describe(ds, rows, **context):
    context["ti"].xcom_push(key="note", value=[ds, rows, context["params"]["market"]])


@step
def describe() -> Any:
    rows = "{{ ti.xcom_pull('count', key='rows') }}/{{ ti.xcom_pull('count')['bad'] }}"
    return call_python(_describe, op_kwargs={"rows": rows})


@step
def dump() -> DataFrame:
    return DataFrame({"a": [1]})


def remember(exception: BaseException) -> None:
    context = failure_context(exception)
    ti = context["ti"]
    SEEN.append(["failure", ti.task_id, ti.dag_id, ti.try_number, ti.max_tries, context["ds"],
                 str(context["exception"])[:6], bool(ti.log_url)])


def remember_retry(exception: BaseException | None = None) -> None:
    if retry_pending(exception):
        SEEN.append(["retry", failure_context(exception)["ti"].task_id])
"""


@pytest.fixture
def nightly(runnable_project: EmittedProject) -> Path:
    """A project with a pipeline that fails in one branch."""
    runnable_project.write("steps/nightly.py", STEPS)
    runnable_project.write("configs/nightly.yaml", "params: {market: BE, size: 1}\n")
    return runnable_project.write("pipelines/nightly.py", PIPELINE)


def test_file_runs_with_airflows_states_values_and_callbacks(nightly: Path) -> None:
    report = launch.run_file(nightly, "2024-03-05T02:00:00", {"market": "NL"})

    assert {task: item.state for task, item in report.tasks.items()} == {
        "begin": "success",
        "say": "success",
        "count": "success",
        "describe": "success",
        "dump": "success",
        "foo": "failed",
        "after_foo": "upstream_failed",
        "last": "upstream_failed",
    }
    assert report.state == "failed"
    values = {task: item.xcom for task, item in report.tasks.items() if item.xcom}
    dumped = values.pop("dump")["return_value"]
    assert isinstance(dumped, str)
    assert dumped.startswith("<DataFrame artifact")
    assert values == {
        "say": {"return_value": "2024-03-05 NL scheduled__2024-03-05T02:00:00+00:00"},
        "count": {"return_value": {"rows": 3, "bad": 1}, "rows": 3, "bad": 1},
        "describe": {"note": ["2024-03-05", "3/1", "NL"]},
    }
    assert set(json.loads(report.model_dump_json())) == {"state", "tasks"}

    import steps.nightly  # type: ignore[import-not-found]

    assert steps.nightly.SEEN == [
        ["retry", "foo"],
        ["failure", "foo", "nightly", 2, 1, "2024-03-05", "D2Z301", True],
    ]


def test_run_is_found_by_its_tags(nightly: Path) -> None:
    from runtime.runs import runs_at

    date = datetime(2024, 3, 6, 2, tzinfo=timezone.utc)
    report = launch.run_file(nightly, date.isoformat())
    run = runs_at("nightly", date)[0]
    assert run.name == report.run_name
    assert run.name.startswith("nightly-2024-03-06T02:00:00+00:00-")
    assert {tag.name for tag in run.tags} == {
        "team",
        "dag_id:nightly",
        "logical_date:2024-03-06T02:00:00+00:00",
        "ds:2024-03-06",
    }
