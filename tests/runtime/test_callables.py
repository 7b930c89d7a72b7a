"""Python callables, called as Airflow calls them, and their XComs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from zenml import pipeline, step

from runtime import launch
from runtime.callables import AirflowContext, airflow_context, call_python, get_current_context
from runtime.context import RunContext
from runtime.exceptions import ContextError, TaskExitError, XComError
from runtime.schedule import DagSchedule
from runtime.steps import select_output
from runtime.templates.lazy import Lazy
from runtime.termination import Terminated
from runtime.xcom import xcom_pull, xcom_push

InStep = Callable[[Callable[[], Any]], Any]


def named(ds: str, params: dict[str, Any], other: int = 5) -> list[Any]:
    """Take two names of the context."""
    return [ds, params["market"], other]


def everything(**context: Any) -> list[Any]:
    """Take the whole context."""
    return [context["ti"].task_id, context["templates_dict"], context["dag_run"].conf]


def count_to(end: str) -> Generator[int, None, int]:
    """Yield numbers, and return how many."""
    yield from range(int(end))
    return int(end)


CALLS: dict[str, tuple[Callable[[], Any], Any]] = {
    "names": (lambda: call_python(named), ["2024-01-02", "BE", 5]),
    "op_kwargs win": (
        lambda: call_python(named, op_kwargs={"ds": "{{ ds_nodash }}", "other": 7}),
        ["20240102", "BE", 7],
    ),
    "params": (lambda: call_python(named, params={"market": "NL"}), ["2024-01-02", "NL", 5]),
    "templates see params": (
        lambda: call_python(
            lambda text: text, op_args=["{{ params.market }}"], params={"market": "NL"}
        ),
        "NL",
    ),
    "whole context": (
        lambda: call_python(everything, templates_dict={"a": ["{{ ds }}"]}),
        ["probe-task", {"a": ["2024-01-02"]}, {"reason": "test"}],
    ),
    "generator": (lambda: call_python(count_to, op_args=("3",)), 3),
    "partial": (lambda: call_python(partial(named, other=1)), ["2024-01-02", "BE", 1]),
    "no argument": (lambda: call_python(lambda: None), None),
    "current context": (
        lambda: call_python(lambda: get_current_context()["x"], op_kwargs={"x": 1}),
        1,
    ),
    "current context of a plain step": (lambda: get_current_context()["ds"], "2024-01-02"),
}


@pytest.mark.parametrize(("call", "expected"), CALLS.values(), ids=CALLS)
def test_call(in_step: InStep, call: Callable[[], Any], expected: Any) -> None:
    assert in_step(call) == expected


@pytest.mark.parametrize("code", [None, 0])
def test_an_exit_without_a_fault_gives_nothing(code: int | None, in_step: InStep) -> None:
    assert in_step(lambda: call_python(sys.exit, op_args=[code])) is None


@pytest.mark.parametrize("code", [2, "no rows"])
def test_any_other_exit_is_a_failure(code: int | str, in_step: InStep) -> None:
    with pytest.raises(TaskExitError, match=rf"Task failed due to SystemExit\({code}\)"):
        in_step(lambda: call_python(sys.exit, op_args=[code]))


def terminate() -> None:
    """End as the process does when it is told to."""
    raise Terminated(143)


def test_the_end_of_the_process_is_not_that_of_the_task(in_step: InStep) -> None:
    with pytest.raises(Terminated):
        in_step(lambda: call_python(terminate))


def test_name_that_the_context_has_cannot_be_positional(in_step: InStep) -> None:
    with pytest.raises(ValueError, match="argument 'ds'"):
        in_step(lambda: call_python(named, op_args=["x"]))


def test_context_ends_with_the_call(in_step: InStep) -> None:
    def body() -> bool:
        call_python(lambda: None, op_kwargs={"x": 1})
        return "x" in get_current_context()

    assert in_step(body) is False


def test_outside_of_a_step() -> None:
    with pytest.raises(ContextError):
        airflow_context()
    with pytest.raises(ContextError):
        get_current_context()


def test_lookups_happen_on_reading_and_once() -> None:
    seen: list[int] = []

    def find() -> str:
        seen.append(1)
        return "found"

    context = AirflowContext({"a": 1, "late": Lazy(find)})
    assert context["a"] == 1
    assert seen == []
    assert context["late"] == context.get("late") == "found"
    assert (lambda **kwargs: kwargs)(**context) == {"a": 1, "late": "found"}
    assert list(context.values()) == [1, "found"]
    assert dict(context.items())["late"] == "found"
    assert context.get("none", 3) == 3
    assert seen == [1]


@step(enable_cache=False, extra={"multiple_outputs": True})
def give() -> dict[str, Any]:
    """Return two values and push two."""
    xcom_push("a key/with:signs", {"x": [1]})
    xcom_push("nothing", None)
    return {"rows": 3, "bad": 0}


@step(enable_cache=False)
def give_none() -> Any:
    """Return nothing."""


@step(enable_cache=False)
def pull() -> list[Any]:
    """Read what the others left."""
    ti = airflow_context()["ti"]
    return [
        ti.xcom_pull("give"),
        xcom_pull("give", key="a key/with:signs"),
        xcom_pull("give", key="nothing"),
        xcom_pull("give", key="rows"),
        xcom_pull("give", key="unknown"),
        xcom_pull("give_none"),
        xcom_pull("unknown"),
        xcom_pull(["give_none", "give", "unknown"], key="return_value"),
        xcom_pull(key="a key/with:signs"),
        xcom_pull(key="unknown"),
        xcom_pull("give", dag_id="xcom-dag", key="rows"),
        xcom_pull("give", dag_id="another-dag"),
    ]


@pipeline(name="xcom-dag", enable_cache=False)
def xcoms(run: RunContext) -> None:
    """Push, pull and select."""
    given = give(id="give")
    give_none(id="give_none", after=["give"])
    pull(id="pull", after=["give_none"])
    select_output(given, "rows", id="rows")


def test_values_between_tasks(zenml_store: Path) -> None:
    report = launch.start(xcoms, DagSchedule(cron="0 2 * * *"))
    assert report.tasks["pull"].xcom["return_value"] == [
        {"rows": 3, "bad": 0},
        {"x": [1]},
        None,
        3,
        None,
        None,
        None,
        [{"rows": 3, "bad": 0}],
        {"x": [1]},
        None,
        3,
        None,
    ]
    given = {"rows": 3, "bad": 0}
    pushed = {"a key/with:signs": {"x": [1]}, "nothing": None}
    assert report.tasks["give"].xcom == {"return_value": given, **given, **pushed}
    assert report.tasks["give_none"].xcom == {}
    assert report.tasks["rows"].xcom == {"return_value": 3}


@pytest.mark.parametrize("key", ["", "return_value"])
def test_keys_that_cannot_be_pushed(in_step: InStep, key: str) -> None:
    with pytest.raises(XComError, match="Return the value instead"):
        in_step(lambda: airflow_context()["ti"].xcom_push(key, 1))


def test_selecting_a_key_that_is_not_there(in_step: InStep) -> None:
    assert in_step(lambda: select_output({"b": 1, "a": 2}, "c")) is None
    assert in_step(lambda: select_output(None, "c")) is None


def test_previous_success_is_looked_up(zenml_store: Path, in_step: InStep) -> None:
    from datetime import datetime, timezone

    schedule = DagSchedule(cron="0 2 * * *")
    launch.start(xcoms, schedule, logical_date=datetime(2023, 12, 31, 2, tzinfo=timezone.utc))

    def read() -> list[str]:
        context = airflow_context()
        return [
            str(context["prev_data_interval_start_success"]),
            str(context["prev_data_interval_end_success"]),
            str(context["prev_start_date_success"] <= context["prev_end_date_success"]),
        ]

    later = RunContext.for_schedule(
        schedule, datetime(2024, 1, 1, 2, tzinfo=timezone.utc), dag_id="xcom-dag"
    )
    from tests.runtime.probe import run_in_step

    assert run_in_step(read, later) == [
        "2023-12-31 02:00:00+00:00",
        "2024-01-01 02:00:00+00:00",
        "True",
    ]
    assert in_step(lambda: airflow_context()["prev_execution_date_success"]) is None
