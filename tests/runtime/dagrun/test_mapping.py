"""Mapped tasks and groups, without ZenML."""

from __future__ import annotations

from typing import Any

import pytest

from runtime.dagrun import each
from runtime.dagrun.handles import TaskHandle
from runtime.dagrun.noting import Notebook
from runtime.dagrun.values import MAX_MAP_LENGTH, check_mappable
from runtime.exceptions import DagDefinitionError, XComError
from tests.runtime.dagrun.memory import fail, give, nothing, run, skip


def echo(*args: Any, **kwargs: Any) -> Any:
    """Give back the arguments."""
    return kwargs or args


def results(dag: Notebook, task: str) -> list[Any]:
    """What the instances of a task returned."""
    ran = run(dag)
    return [ran.result(task, index) for index in sorted(ran.scheduler.table.states[task])]


def test_every_combination_the_last_fastest() -> None:
    dag = Notebook()
    dag.map(echo, a=each([1, 2]), b=each({"x": 3, "y": 4}), fixed=0, id="t")
    assert results(dag, "t") == [
        {"fixed": 0, "a": a, "b": b} for a in (1, 2) for b in (("x", 3), ("y", 4))
    ]


def test_results_and_literals() -> None:
    dag = Notebook()
    numbers = dag.task(give([1, 2]), id="numbers")
    dag.map(echo, a=each(numbers), b=each([numbers, 5]), id="t")
    assert results(dag, "t") == [
        {"a": 1, "b": [1, 2]},
        {"a": 1, "b": 5},
        {"a": 2, "b": [1, 2]},
        {"a": 2, "b": 5},
    ]


def test_records() -> None:
    dag = Notebook()
    records = dag.task(give([{"a": 1}, {"a": 2}]), id="records")
    number = dag.task(give(7), id="number")
    dag.map_kwargs(echo, records, b=0, id="t")
    assert results(dag, "t") == [{"b": 0, "a": 1}, {"b": 0, "a": 2}]
    dag.map_kwargs(echo, [{"a": number}, {"a": 3}], id="literal")
    assert results(dag, "literal") == [{"a": 7}, {"a": 3}]


@pytest.mark.parametrize(
    ("records", "fixed", "message"),
    [
        ([{"a": 1}], {"a": 2}, "both fixed and mapped"),
        ([3], {}, "not of int"),
        ([None], {}, "not of None"),
        ([{3: 1}], {}, "text keys, not 3"),
        ({"a": 1}, {}, "list of dicts, not dict"),
    ],
)
def test_records_that_are_none(records: Any, fixed: Any, message: str) -> None:
    dag = Notebook()
    handle = dag.task(give(records), id="records")
    dag.map_kwargs(echo, handle, id="t", **fixed)
    ran = run(dag)
    assert ran.states["t[0]"] == "failed"
    assert message in ran.memory.refused["t[0]"]


@pytest.mark.parametrize(
    ("value", "states"),
    [
        pytest.param([], {"source": "success", "t": "skipped"}, id="empty"),
        pytest.param(None, {"source": "failed", "t": "upstream_failed"}, id="none"),
        pytest.param("text", {"source": "failed", "t": "upstream_failed"}, id="text"),
        pytest.param(3, {"source": "failed", "t": "upstream_failed"}, id="number"),
    ],
)
def test_what_is_mapped_over(value: Any, states: dict[str, str]) -> None:
    dag = Notebook()
    source = dag.task(give(value), id="source")
    dag.map(echo, x=each(source), id="t")
    assert run(dag).states == states


def test_too_many_items() -> None:
    check_mappable("t", [0] * MAX_MAP_LENGTH)
    with pytest.raises(XComError, match="1025 items"):
        check_mappable("t", [0] * (MAX_MAP_LENGTH + 1))


@pytest.mark.parametrize(("source", "state"), [(skip, "skipped"), (fail, "upstream_failed")])
def test_the_source_of_a_map_decides_whatever_the_rule(source: Any, state: str) -> None:
    dag = Notebook()
    handle = dag.task(source, id="source")
    dag.map(echo, x=each(handle), id="t", trigger_rule="all_done")
    assert run(dag).states["t"] == state


def test_reducing_drops_what_returned_nothing() -> None:
    dag = Notebook()
    scores = dag.map(lambda n: n or None, n=each([1, 0, 3]), id="score")
    dag.task(echo, scores, [scores], id="total")
    assert run(dag).result("total") == ([1, 3], [[1, 3]])


def test_mapping_over_a_mapped_task() -> None:
    dag = Notebook()
    first = dag.map(lambda n: n * 2, n=each([1, 2]), id="first")
    dag.map(lambda n: n + 1, n=each(first), id="second")
    assert results(dag, "second") == [3, 5]


def test_a_failed_instance_fails_what_follows() -> None:
    dag = Notebook()
    first = dag.map(lambda n: 1 / n, n=each([1, 0]), id="first")
    dag.task(echo, first, id="total")
    ran = run(dag)
    assert ran.states == {"first[0]": "success", "first[1]": "failed", "total": "upstream_failed"}
    assert ran.run.state == "failed"


def test_map_zip_concat() -> None:
    dag = Notebook()
    numbers, names = dag.task(give([1, 2, 3]), id="numbers"), dag.task(give(["a", "b"]), id="names")
    doubled = numbers.map(lambda n: n * 2).map(str)
    dag.map(echo, x=each(doubled), id="map")
    dag.map(echo, x=each(numbers.zip(names)), id="zip")
    dag.map(echo, x=each(numbers.zip(names, fillvalue="-")), id="filled")
    dag.map(echo, x=each(numbers.concat(names).concat(numbers)), id="concat")
    dag.task(lambda *values: [list(value) for value in values], doubled, id="whole")
    ran = run(dag)
    states = ran.scheduler.table.states

    def given(task: str) -> list[Any]:
        return [ran.result(task, index)["x"] for index in sorted(states[task])]

    assert given("map") == ["2", "4", "6"]
    assert given("zip") == [(1, "a"), (2, "b")]
    assert given("filled") == [(1, "a"), (2, "b"), (3, "-")]
    assert given("concat") == [1, 2, 3, "a", "b", 1, 2, 3]
    assert ran.result("whole") == [["2", "4", "6"]]


@pytest.mark.parametrize("use", ["map", "zip", "concat"])
def test_items_of_what_has_none(use: str) -> None:
    dag = Notebook()
    number = dag.task(give(3), id="number")
    values = {"map": number.map(str), "zip": number.zip(), "concat": number.concat()}
    dag.task(nothing, values[use], id="t")
    ran = run(dag)
    assert ran.states["t"] == "failed"
    assert ran.memory.refused["t"].startswith(f"{use}() needs a sequence or a dict")


def test_handles() -> None:
    handle = TaskHandle("t")
    with pytest.raises(TypeError, match="cannot be iterated"):
        iter(handle)
    with pytest.raises(DagDefinitionError, match="by text keys only"):
        handle[0]  # type: ignore[index]
    with pytest.raises(DagDefinitionError, match="the key 'a'"):
        each(handle["a"])
    with pytest.raises(DagDefinitionError, match="the key 'a'"):
        handle["a"].map(str)


def test_a_mapped_group() -> None:
    dag = Notebook()
    names = dag.task(give(["a", "b"]), id="names")
    with dag.mapped_group("g", name=each(names), n=each([1])) as g:
        first = dag.task(lambda name, n: name * n, g.name, g.n, id="g.first")
        dag.task(echo, first, {"deep": [g.name]}, id="g.second")
    dag.task(echo, first, id="outside")
    ran = run(dag)
    assert ran.result("g.second", 1) == ("b", {"deep": ["b"]})
    assert ran.result("outside") == (["a", "b"],)


def test_instances_of_a_mapped_group_go_their_own_way() -> None:
    dag = Notebook()
    with dag.mapped_group("g", x=each([0, 1])) as g:
        first = dag.task(lambda x: 1 / x, g.x, id="g.first")
        dag.task(echo, first, id="g.second")
    assert run(dag).states == {
        "g.first[0]": "failed",
        "g.first[1]": "success",
        "g.second[0]": "upstream_failed",
        "g.second[1]": "success",
    }


def test_a_short_circuit_within_a_mapped_group() -> None:
    dag = Notebook()
    with dag.mapped_group("g", x=each([0, 1])) as g:
        dag.short_circuit(lambda x: bool(x), g.x, id="g.check")
        dag.task(nothing, id="g.next", after=["g.check"])
    assert run(dag).states == {
        "g.check[0]": "success",
        "g.check[1]": "success",
        "g.next[0]": "skipped",
        "g.next[1]": "success",
    }


def test_a_branch_within_a_mapped_group() -> None:
    dag = Notebook()
    with dag.mapped_group("g", x=each(["g.a", "g.b"])) as g:
        dag.branch(lambda x: x, g.x, id="g.choose")
        dag.task(nothing, id="g.a", after=["g.choose"])
        dag.task(nothing, id="g.b", after=["g.choose"])
    states = run(dag).states
    assert [states[f"g.{task}"] for task in ("a[0]", "a[1]", "b[0]", "b[1]")] == [
        "success",
        "skipped",
        "skipped",
        "success",
    ]


def test_what_a_rule_decides_about_the_whole_its_instances_take_over() -> None:
    # As in Airflow: before the group is expanded, no instance upstream counts for the rule.
    dag = Notebook()
    names = dag.task(give(["a", "b"]), id="names")
    with dag.mapped_group("g", name=each(names)) as g:
        first = dag.task(echo, g.name, id="g.first")
        dag.task(echo, first, id="g.second", trigger_rule="none_failed_min_one_success")
    states = run(dag).states
    assert [states[f"g.second[{index}]"] for index in (0, 1)] == ["skipped", "skipped"]
