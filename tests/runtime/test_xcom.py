"""XComs between steps: mapped tasks, several runs, keys, values that cannot be stored."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, TypeVar

import pytest
from zenml import pipeline, step

from runtime import launch
from runtime.callables import airflow_context
from runtime.context import RunContext, split_step_name
from runtime.exceptions import XComError
from runtime.schedule import DagSchedule
from runtime.steps import pull_output
from runtime.xcom import xcom_pull, xcom_push

T = TypeVar("T")
InStep = Callable[[Callable[[], Any]], Any]
DAILY = DagSchedule(cron="0 2 * * *")


@step(enable_cache=False)
def square(x: int) -> Any:
    """Return and push something for all numbers but 1."""
    context = airflow_context()
    index = context["ti"].map_index
    if x != 1:
        xcom_push("index", [context["ti"].task_id, index])
        return x * x
    return None


@step(enable_cache=False)
def look() -> dict[str, Any]:
    """Pull in every way."""
    ti = airflow_context()["ti"]
    return {
        "all": ti.xcom_pull("square"),
        "one": ti.xcom_pull("square", map_indexes=2),
        "none": ti.xcom_pull("square", map_indexes=1, default="no"),
        "some": ti.xcom_pull("square", map_indexes=[2, 0]),
        "range": xcom_pull("square", map_indexes=range(2, -1, -1)),
        "any task": xcom_pull(map_indexes=[0]),
        "two tasks": xcom_pull(["plain", "square"]),
        "pushed": xcom_pull("square", key="index"),
        "plain": ti.xcom_pull(task_ids="plain", key="return_value"),
        "plain by index": xcom_pull("plain", map_indexes=-1),
        "unknown tasks": xcom_pull(["unknown"]),
        "default": xcom_pull("unknown", default=7),
        "not an XCom": xcom_pull("rows", key="a"),
        "before": xcom_pull("days", include_prior_dates=True),
    }


@step(enable_cache=False)
def give(value: Any) -> Any:
    """Return what is given."""
    return value


@pipeline(name="mapped-xcom-dag", enable_cache=False)
def mapped(run: RunContext) -> None:
    """Three instances of one task, and a task that reads them."""
    for index in range(3):
        square(index, id=f"square[{index}]")
    give("p", id="plain")
    give({"a": 1}, id="rows")
    if run.logical_date.day < 3:
        give(run.logical_date.day, id="days")
    look(id="look", after=["square[0]", "square[1]", "square[2]", "plain", "rows"])


def test_instances_and_dates(zenml_store: Path) -> None:
    for day in (1, 2, 3):
        date = datetime(2024, 1, day, 2, tzinfo=timezone.utc)
        report = launch.start(mapped, DAILY, logical_date=date)
    assert report.tasks["look"].xcom["return_value"] == {
        "all": [0, 4],
        "one": 4,
        "none": "no",
        "some": [4, 0],
        "range": [4, 0],
        "any task": [0],
        "two tasks": ["p", 0, 4],
        "pushed": [["square", 0], ["square", 2]],
        "plain": "p",
        "plain by index": "p",
        "unknown tasks": [],
        "default": 7,
        "not an XCom": None,
        "before": 2,
    }


def test_a_value_that_cannot_be_stored(in_step: InStep) -> None:
    with pytest.raises(XComError, match="key 'lock', a lock, cannot be stored"):
        in_step(lambda: xcom_push("lock", threading.Lock()))


def test_pulling_a_key_that_nobody_pushed(in_step: InStep) -> None:
    with pytest.raises(XComError, match="'probe-task' pushed nothing under the key 'k'"):
        in_step(lambda: pull_output("probe-task", "k"))


def test_a_pushed_key_can_be_pulled(in_step: InStep) -> None:
    def body() -> Any:
        xcom_push("k", None)
        return pull_output("probe-task", "k")

    assert in_step(body) is None


@pytest.mark.parametrize(
    ("name", "parts"),
    [("a", ("a", -1)), ("g.a[12]", ("g.a", 12)), ("a[x]", ("a[x]", -1))],
)
def test_names_of_steps(name: str, parts: tuple[str, int]) -> None:
    assert split_step_name(name) == parts
