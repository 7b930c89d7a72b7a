"""Whole runs in ZenML."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest

from runtime import launch
from runtime.command import describe
from runtime.context import RunContext
from runtime.dagrun import DagRun, plan
from runtime.exceptions import ContextError, DagDefinitionError
from runtime.schedule import DagSchedule
from tests.runtime.dagrun import dags

MANUAL = DagSchedule()
DAY = datetime(2024, 1, 2, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def calls() -> Iterator[list[tuple[str, str]]]:
    """What was called, in this test."""
    dags.CALLS.clear()
    yield dags.CALLS


def states(report: launch.RunReport) -> dict[str, str | None]:
    """The states of the tasks."""
    return {task: found.state for task, found in report.tasks.items()}


def attempts(report: launch.RunReport, step: str) -> list[str]:
    """The statuses of a step's attempts in ZenML."""
    from zenml.client import Client

    run = Client().get_pipeline_run(report.run_name)
    found = Client().list_run_steps(pipeline_run_id=run.id, name=step, exclude_retried=False)
    return [one.status.value for one in sorted(found.items, key=lambda one: one.version)]


@pytest.fixture(scope="module")
def states_run(zenml_store: Path) -> tuple[launch.RunReport, list[tuple[str, str]]]:
    """The run of `states_dag`, and what it called."""
    dags.CALLS.clear()
    report = launch.start(dags.states_dag, MANUAL, logical_date=DAY)
    return report, list(dags.CALLS)


def test_states(states_run: tuple[launch.RunReport, list[tuple[str, str]]]) -> None:
    report, _ = states_run
    assert states(report) == {
        "extract": "success",
        "choose": "success",
        "load": "success",
        "quarantine": "skipped",
        "join": "success",
        "skips": "skipped",
        "skips_badly": "skipped",
        "keep": "success",
        "skips_undecorated": "skipped",
        "gives_up": "failed",
        "gives_up_badly": "failed",
        "cleanup": "success",
        "second_time": "success",
    }
    assert report.state == "success"


def test_values(states_run: tuple[launch.RunReport, list[tuple[str, str]]]) -> None:
    report, _ = states_run
    assert report.tasks["load"].xcom == {"return_value": 2}
    assert report.tasks["keep"].xcom == {"return_value": [None, [1, None]]}
    assert report.tasks["skips"].xcom == {}


def test_calls(states_run: tuple[launch.RunReport, list[tuple[str, str]]]) -> None:
    _, called = states_run
    assert sorted(called) == [
        ("extract", "succeeded"),
        ("gives_up", "failed: bad"),
        ("gives_up", "ran"),
        (f"manual__{DAY.isoformat()}", "success"),
        ("skips", "ran"),
        ("skips", "skipped"),
    ]


def test_attempts(states_run: tuple[launch.RunReport, list[tuple[str, str]]]) -> None:
    report, _ = states_run
    assert attempts(report, "second_time") == ["retried", "completed"]
    assert attempts(report, "gives_up") == ["stopped"]
    assert attempts(report, "skips") == ["completed"]


def test_callbacks_that_failed(states_run: tuple[launch.RunReport, list[tuple[str, str]]]) -> None:
    report, _ = states_run
    assert report.failed_callbacks == {
        "tests.runtime.dagrun.dags.broken": "ValueError: a broken callback",
        "tests.runtime.dagrun.dags.broken of skips_badly": "ValueError: a broken callback",
        "tests.runtime.dagrun.dags.broken_hook of gives_up_badly": "ValueError: a broken hook",
    }
    assert '"failed_callbacks"' in report.model_dump_json()
    assert "callback tests.runtime.dagrun.dags.broken failed: ValueError" in describe(report)


def test_native_edges(states_run: tuple[launch.RunReport, list[tuple[str, str]]]) -> None:
    from zenml.client import Client

    report, _ = states_run
    steps = Client().get_pipeline_run(report.run_name).steps
    assert set(steps["load"].spec.upstream_steps) == {"choose", "extract"}
    assert "n" in steps["load"].config.parameters


def test_maps(zenml_store: Path) -> None:
    report = launch.start(dags.mapped_dag, MANUAL, logical_date=DAY)
    assert states(report) == {
        "files": "success",
        "score[0]": "success",
        "score[1]": "success",
        "score[2]": "success",
        "collect": "success",
        "empty": "skipped",
        "none": "failed",
        "over_none": "upstream_failed",
        "g.first[0]": "success",
        "g.first[1]": "success",
        "g.second[0]": "success",
        "g.second[1]": "success",
    }
    assert report.tasks["score[1]"].xcom == {}
    assert report.tasks["collect"].xcom == {"return_value": [["aa", "cc"], None]}
    assert report.tasks["g.second[1]"].xcom == {"return_value": [["y", "y", "y"], "y"]}
    assert attempts(report, "none") == ["failed"]
    assert report.state == "failed"


def test_faults(zenml_store: Path, calls: list[tuple[str, str]]) -> None:
    report = launch.start(dags.broken_dag, MANUAL, logical_date=DAY)
    assert states(report) == {
        "choose": "failed",
        "after": "upstream_failed",
        "extract": "success",
        "keep": "failed",
    }
    assert attempts(report, "choose") == ["retried", "retried", "failed"]
    assert attempts(report, "keep") == ["failed"]
    assert calls[-1] == (f"manual__{DAY.isoformat()}", "task_failure")


@pytest.mark.parametrize(("fail", "expected"), [(True, None), (False, "success")])
def test_past(zenml_store: Path, fail: bool, expected: str | None) -> None:
    year = 2020 if fail else 2021  # Runs of other tests have other dates.
    first, second = (datetime(year, 1, day, tzinfo=timezone.utc) for day in (2, 3))
    launch.start(dags.past_dag, MANUAL, logical_date=first, params={"fail": fail})
    report = launch.start(dags.past_dag, MANUAL, logical_date=second, params={"depend": True})
    assert states(report) == {"first": expected}
    assert report.state == ("failed" if fail else "success")


def test_a_run_past_its_timeout(zenml_store: Path) -> None:
    for seconds in (3, 15, 75):  # A busy machine may not even start the step.
        report = launch.start(dags.slow_dag, MANUAL, logical_date=DAY, params={"seconds": seconds})
        if dags.CALLS:
            break
    assert states(report) == {"sleeps": "skipped", "after": "skipped"}
    assert attempts(report, "sleeps") == ["stopped"]
    assert report.state == "failed"


def test_a_cycle(zenml_store: Path, run: RunContext) -> None:
    with pytest.raises(DagDefinitionError, match="'a', 'b' wait for each other"):
        plan(dags.cyclic_dag, run)
    report = launch.start(dags.cyclic_dag, MANUAL, logical_date=DAY)
    assert (report.state, report.tasks) == ("failed", {})


def test_plan(zenml_store: Path, run: RunContext) -> None:
    planned = plan(dags.mapped_dag, run)
    assert [task.id for task in planned.tasks][:3] == ["files", "score", "collect"]
    assert planned["score"].mapped
    assert planned["g.second"].group == "g"
    assert ("files", "score") in planned.edges
    assert planned.options["max_active_tasks"] == 2
    assert planned["files"].step == "files"
    with pytest.raises(DagDefinitionError, match="notes no tasks"):
        plan(dags.no_dag, run)


def test_outside_of_a_run(run: RunContext) -> None:
    with pytest.raises(ContextError, match="no dynamic ZenML run"), DagRun(run) as dag:
        dag.task(dags.nothing, id="t")


def test_an_error_while_noting_comes_out(run: RunContext) -> None:
    with pytest.raises(ZeroDivisionError), DagRun(run):
        raise ZeroDivisionError


def test_decorated_functions_stay_functions() -> None:
    assert dags.add.entrypoint({"a": 1}, 2) == 3


def test_the_execution_mode_is_checked(zenml_store: Path, caplog: pytest.LogCaptureFixture) -> None:
    report = launch.start(dags.stopping_dag, MANUAL, logical_date=DAY)
    assert report.state == "failed"
    assert "Declare it with `execution_mode=ExecutionMode.CONTINUE_ON_FAILURE`" in caplog.text


def test_strange_failures(zenml_store: Path) -> None:
    report = launch.start(dags.strange_dag, MANUAL, logical_date=DAY)
    assert states(report) == {
        "exits": "failed",
        "exits_well": "success",
        "unknown[0]": "failed",
        "extract": "success",
        "check": "success",
        "after": "skipped",
    }
    assert attempts(report, "unknown[0]") == ["failed"]
