"""How decorated functions end, and how steps are interrupted and marked."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from runtime.dagrun import airflow_task
from runtime.dagrun.interrupt import interrupt_step
from runtime.dagrun.noting import Notebook
from runtime.dagrun.outcome import has_airflow_ending
from runtime.dagrun.past import judge_past
from runtime.exceptions import FailTask, SkipTask
from runtime.report import STATES_SO_FAR, TASK_STATES, _task_states
from tests.runtime.dagrun.memory import nothing


def test_outside_of_a_step_nothing_changes() -> None:
    @airflow_task
    def skips() -> None:
        """Skip."""
        raise SkipTask("no data")

    with pytest.raises(SkipTask):
        skips()
    assert skips.__doc__ == "Skip."


@pytest.mark.parametrize("decorate", [airflow_task, airflow_task(on_skipped=None)])
def test_annotations_bind_nothing(decorate: Any) -> None:
    import inspect

    def typed(a: int, *, b: str = "x") -> dict[str, int]:
        return {b: a}

    def without_result(a: int) -> None: ...

    assert str(inspect.signature(decorate(typed))) == "(a, *, b='x')"
    assert str(inspect.signature(decorate(without_result))) == "(a) -> None"
    assert decorate(typed)(1) == {"x": 1}


def test_marks() -> None:
    from tests.runtime.dagrun import dags

    assert has_airflow_ending(dags.skips)
    assert not has_airflow_ending(dags.nothing)
    assert not has_airflow_ending(print)


def test_in_a_step_of_another_pipeline_nothing_changes(in_step: Any) -> None:
    @airflow_task
    def gives_up() -> None:
        raise FailTask("bad")

    with pytest.raises(FailTask, match="bad"):
        in_step(gives_up)


def test_a_step_that_runs_nowhere_here(zenml_store: Path) -> None:
    assert not interrupt_step(uuid4(), "nothing of that name")


PAST = {"a": "success", "b": "skipped", "c": "failed", "m[0]": "success", "m[1]": "failed"}


@pytest.mark.parametrize(
    ("task", "downstream", "ended", "answer"),
    [
        ("a", False, True, True),
        ("b", False, True, True),
        ("c", False, True, False),
        ("c", False, False, None),
        ("m", False, True, False),
        ("new", False, True, True),
        ("a", True, True, False),
    ],
)
def test_what_the_past_allows(
    task: str, downstream: bool, ended: bool, answer: bool | None
) -> None:
    dag = Notebook()
    dag.task(nothing, id=task, wait_for_downstream=downstream, depends_on_past=True)
    if task != "c":
        dag.task(nothing, id="c", after=[task])
    graph = dag.graph()
    assert judge_past(graph.notes[task], graph, PAST, ended=ended) is answer


class Noted:
    """A run that has noted states, and no steps."""

    snapshot = None

    def __init__(self, **metadata: Any) -> None:
        """Take the metadata."""
        self.run_metadata = metadata


def test_states_while_a_run_goes_on() -> None:
    going_on: Any = Noted(**{STATES_SO_FAR: '{"a": "success", "b": null}'})
    assert _task_states(going_on, {}) == {"a": "success", "b": None}
    ended: Any = Noted(**{STATES_SO_FAR: '{"m": null}', TASK_STATES: {"m[0]": "success", "x": ""}})
    assert _task_states(ended, {}) == {"m[0]": "success", "x": None}
