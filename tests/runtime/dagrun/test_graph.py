"""Graphs of noted tasks."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from runtime.dagrun import each
from runtime.dagrun.branching import followed, short_circuited
from runtime.dagrun.noting import Notebook
from runtime.exceptions import BranchError, DagDefinitionError
from tests.runtime.dagrun.memory import give, nothing, run


def step_in(group: Any) -> Any:
    """A step that ZenML shows in a group."""
    return SimpleNamespace(configuration=SimpleNamespace(group=group, retry=None, extra={}))


@pytest.fixture
def dag() -> Notebook:
    """A branch over a group, a task, and a join."""
    dag = Notebook()
    dag.branch(give(None), id="choose")
    dag.task(nothing, id="g.one", after=["choose"])
    dag.task(nothing, id="g.two", after=["g.one"])
    dag.task(step_in(SimpleNamespace(name="named")), id="plain", after=["choose"])
    dag.task(nothing, id="join", after=["choose", "g.two", "plain"])
    return dag


@pytest.mark.parametrize(
    ("chosen", "kept"),
    [
        (None, set()),
        ([], set()),
        ("plain", {"plain", "join"}),
        (("g",), {"g.one", "join"}),
        ("named", {"plain", "join"}),
        (["join", "g.one"], {"join", "g.one"}),
    ],
)
def test_what_a_branch_follows(dag: Notebook, chosen: Any, kept: set[str]) -> None:
    assert followed(dag.graph(), "choose", chosen) == kept


@pytest.mark.parametrize(
    ("chosen", "message"), [("lost", "no task or group"), (3, "chose 3"), ([None], "chose None")]
)
def test_a_branch_into_nowhere(dag: Notebook, chosen: Any, message: str) -> None:
    with pytest.raises(BranchError, match=message):
        followed(dag.graph(), "choose", chosen)


def test_branch_names(dag: Notebook) -> None:
    names = dag.graph().branch_names
    assert names == ["choose", "g", "g.one", "g.two", "join", "named", "plain"]


@pytest.mark.parametrize(("ignores", "skipped"), [(True, {"near", "far"}), (False, {"near"})])
def test_what_a_short_circuit_skips(ignores: bool, skipped: set[str]) -> None:
    dag = Notebook()
    dag.short_circuit(give(False), id="check", ignore_downstream_trigger_rules=ignores)
    dag.task(nothing, id="near", after=["check"])
    dag.task(nothing, id="far", after=["near"], trigger_rule="all_done")
    dag.task(nothing, id="teardown", after=["check", "far"], teardown=True)
    assert set(short_circuited(dag.graph(), "check")) == skipped
    states = run(dag).states
    assert {task for task, state in states.items() if state == "skipped"} == skipped


def test_a_true_short_circuit_goes_on() -> None:
    dag = Notebook()
    dag.short_circuit(give(True), id="check")
    dag.task(nothing, id="next", after=["check"])
    assert run(dag).states == {"check": "success", "next": "success"}


def test_a_branch_that_fails_by_what_it_chose() -> None:
    dag = Notebook()
    dag.branch(give("nowhere"), id="choose")
    dag.task(nothing, id="next", after=["choose"])
    assert run(dag).states == {"choose": "failed", "next": "upstream_failed"}


def test_scopes_of_setups() -> None:
    dag = Notebook()
    dag.task(nothing, id="setup", setup=True)
    dag.task(nothing, id="ended", setup=True)
    dag.task(nothing, id="end", after=["ended"], teardown=True)
    dag.task(nothing, id="a", after=["setup", "ended"])
    dag.task(nothing, id="b", after=["a", "end"])
    dag.task(nothing, id="teardown", after=["b", "setup"], teardown=True)
    graph = dag.graph()
    assert graph.scope("b") == ("setup",)
    assert graph.scope("teardown") == ()
    assert graph.scoped == {"setup": ("b",)}
    assert graph.leaves() == {"b"}


def test_teardowns_as_leaves() -> None:
    dag = Notebook()
    dag.task(nothing, id="only", teardown=True)
    assert dag.graph().leaves() == {"only"}
    dag.task(nothing, id="strict", after=["only"], teardown=True, on_failure_fail_dagrun=True)
    assert dag.graph().leaves() == {"strict"}


def test_mapped_groups_follow_what_they_are_mapped_over() -> None:
    dag = Notebook()
    names = dag.task(give(["a"]), id="names")
    with dag.mapped_group("g", name=each(names)) as g:
        dag.task(nothing, id="g.root")
        dag.task(nothing, g.name, id="g.next", after=["g.root"])
    graph = dag.graph()
    assert graph.upstream["g.root"] == ("names",)
    assert graph.upstream["g.next"] == ("g.root", "names")
    assert graph.mapped_over == {"names"}


@pytest.mark.parametrize(
    ("note", "message"),
    [
        pytest.param(lambda dag: dag.task(nothing, id="a"), "two tasks", id="id twice"),
        pytest.param(
            lambda dag: dag.task(nothing, id="b", after="a"), r"a list of ids: \['a'\]", id="text"
        ),
        pytest.param(
            lambda dag: dag.task(nothing, id="b", trigger_rule="sometimes"), "none of", id="rule"
        ),
        pytest.param(lambda dag: dag.map(nothing, id="b"), "no argument", id="map of nothing"),
        pytest.param(lambda dag: dag.map(nothing, id="b", x=each("text")), "map over", id="text"),
        pytest.param(
            lambda dag: dag.map_kwargs(nothing, "text", id="b"), "list of dicts", id="records"
        ),
        pytest.param(
            lambda dag: dag.mapped_group("g").__enter__(), "All arguments", id="group of nothing"
        ),
        pytest.param(
            lambda dag: dag.task(nothing, id="b", after=["lost"]) and dag.graph(),
            "'b' follows 'lost'",
            id="unknown",
        ),
        pytest.param(
            lambda dag: dag.task(nothing, id="b", after=["b"]) and dag.graph(),
            "'b' wait for each other",
            id="cycle",
        ),
    ],
)
def test_what_cannot_be_noted(note: Any, message: str) -> None:
    dag = Notebook()
    dag.task(nothing, id="a")
    with pytest.raises(DagDefinitionError, match=message):
        note(dag)


def test_no_maps_within_mapped_groups() -> None:
    dag = Notebook()
    with dag.mapped_group("g", x=each([1])) as g:
        with pytest.raises(DagDefinitionError, match="mapped task 'g.t' lies in"):
            dag.map(nothing, y=each([1]), id="g.t")
        with pytest.raises(DagDefinitionError, match="mapped group 'h' lies in"):
            dag.mapped_group("h", x=each([1])).__enter__()
        with pytest.raises(AttributeError, match="not mapped over an argument 'other'"):
            g.other  # noqa: B018 - reading it is the test


def test_old_spellings() -> None:
    dag = Notebook()
    dag.task(nothing, id="a", trigger_rule="dummy")
    dag.task(nothing, id="b", trigger_rule="none_failed_or_skipped")
    notes = dag.graph().notes
    assert [note.trigger_rule for note in notes.values()] == [
        "always",
        "none_failed_min_one_success",
    ]
