"""Conditions that only a run could tell: what they decide is reported, and never taken as known."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.reading import codes, read, read_dag, value_of
from transpiler.evaluate.changes import UnknownItems
from transpiler.model.values import Symbolic

UNKNOWN = "Variable.get('x')"


def test_a_return_under_an_unknown_condition_makes_the_rest_conditional(tmp_path: Path) -> None:
    code = f"""
def build():
    if {UNKNOWN}:
        return 1
    EmptyOperator(task_id="late")
    return 2
with DAG("d", params={{"n": build()}}):
    build()
"""
    found = read(tmp_path, code)
    assert ("D2Z110", 3) in codes(found)
    assert [task.task_id for task in found.dags[0].tasks] == ["late"]
    assert isinstance(found.dags[0].arguments["params"].value["n"], Symbolic)


def test_both_sides_return_the_same(tmp_path: Path) -> None:
    code = f"def f():\n    if {UNKNOWN}:\n        return 1\n    else:\n        return 1\nx = f()\n"
    assert value_of(tmp_path, code) == 1


@pytest.mark.parametrize("leave", ["continue", "break"])
def test_a_loop_left_under_an_unknown_condition(tmp_path: Path, leave: str) -> None:
    code = f"""
with DAG("d"):
    for name in ["a", "b"]:
        if {UNKNOWN}:
            {leave}
        EmptyOperator(task_id=name)
"""
    found = read(tmp_path, code)
    assert codes(found) == [("D2Z110", 4)]
    assert [task.task_id for task in found.dags[0].tasks] == ["a", "b"]


def test_a_loop_left_without_consequence_is_not_reported(tmp_path: Path) -> None:
    code = f"""
with DAG("d"):
    EmptyOperator(task_id="t")
    for name in ["a", "b"]:
        if {UNKNOWN}:
            continue
        print(name)
    while True:
        if {UNKNOWN}:
            continue
        break
"""
    assert codes(read(tmp_path, code)) == []


def test_sides_that_leave_in_different_ways(tmp_path: Path) -> None:
    code = f"""
def f():
    for name in ["a"]:
        if {UNKNOWN}:
            return 1
        else:
            break
    return 2
x = f()
"""
    assert isinstance(value_of(tmp_path, code), Symbolic)


def test_a_side_that_raises_is_left_out_and_said(tmp_path: Path) -> None:
    code = f"if {UNKNOWN} == 'a':\n    n = 1\nelse:\n    raise ValueError('b')\n"
    found = read(
        tmp_path, code + "with DAG('d', params={'n': n}):\n    EmptyOperator(task_id='t')\n"
    )
    assert found.dags[0].arguments["params"].value == {"n": 1}
    assert [(item.code, item.severity) for item in found.findings] == [("D2Z110", "info")]


def test_both_sides_raise(tmp_path: Path) -> None:
    code = f"if {UNKNOWN}:\n    raise ValueError('a')\nelse:\n    raise KeyError('b')\n"
    found = read(tmp_path, code)
    assert found.error is not None and "KeyError" in found.error


def test_containers_changed_on_one_side(tmp_path: Path) -> None:
    code = f"""
names, args, kinds, same = ["a"], {{"retries": 1, "owner": "o"}}, {{"k"}}, {{"z": 1}}
if {UNKNOWN}:
    names.append("b")
    args["retries"] = 2
    args["queue"] = "q"
    kinds.add("l")
    same["z"] = 2
else:
    same["z"] = 2
x = [names, args, kinds, same]
"""
    names, args, kinds, same = value_of(tmp_path, code)
    assert isinstance(names[-1], UnknownItems)
    assert args["owner"] == "o" and isinstance(args["retries"], Symbolic)
    assert isinstance(args["queue"], Symbolic)
    assert any(isinstance(item, UnknownItems) for item in kinds)
    assert same == {"z": 2}


def test_a_list_of_the_same_length_keeps_what_is_the_same(tmp_path: Path) -> None:
    code = f"x = ['a', 'b']\nif {UNKNOWN}:\n    x[1] = 'c'\n"
    first, second = value_of(tmp_path, code)
    assert first == "a" and isinstance(second, Symbolic)


def test_a_loop_over_a_list_of_unknown_length(tmp_path: Path) -> None:
    code = f"""
names = ["a"]
names.extend({UNKNOWN})
with DAG("d", params={{"n": len(names)}}):
    for index, name in enumerate(names):
        EmptyOperator(task_id=f"t{{index}}")
"""
    found = read(tmp_path, code)
    assert ("D2Z110", 6) in codes(found)
    assert isinstance(found.dags[0].arguments["params"].value["n"], Symbolic)


@pytest.mark.parametrize("start", ["{}", "set()"])
def test_update_with_what_is_not_known(tmp_path: Path, start: str) -> None:
    code = f"x = {start}\nx.update({UNKNOWN})\n"
    assert any(isinstance(item, UnknownItems) for item in value_of(tmp_path, code))


def test_a_task_attribute_set_under_an_unknown_condition(tmp_path: Path) -> None:
    code = f"""
with DAG("d"):
    t = EmptyOperator(task_id="t", retries=1)
    if {UNKNOWN}:
        t.retries = 5
"""
    assert isinstance(read_dag(tmp_path, code).task("t").arguments["retries"].value, Symbolic)


def test_a_container_changed_in_a_loop_over_an_unknown_value(tmp_path: Path) -> None:
    code = f"x = []\nfor item in {UNKNOWN}:\n    x.append(1)\n"
    (rest,) = [item for item in value_of(tmp_path, code) if isinstance(item, UnknownItems)]
    assert "line" in rest.reason


@pytest.mark.parametrize(
    "expression",
    [
        "EmptyOperator(task_id='a') if {u} else EmptyOperator(task_id='b')",
        "{u} and EmptyOperator(task_id='a')",
        "[EmptyOperator(task_id='a') for _ in {u}]",
        "[EmptyOperator(task_id='a') for n in [1] if {u}]",
        "[EmptyOperator(task_id='a') for n in {u} for m in [1]]",
    ],
)
def test_expressions_that_may_make_tasks(tmp_path: Path, expression: str) -> None:
    code = "with DAG('d'):\n    x = " + expression.format(u=UNKNOWN) + "\n"
    assert ("D2Z110", 2) in codes(read(tmp_path, code))


def test_what_fails_on_a_side_of_an_unknown_expression(tmp_path: Path) -> None:
    assert isinstance(value_of(tmp_path, f"x = {{}}['k'] if {UNKNOWN} else 1\n"), Symbolic)


def test_a_container_changed_inside_an_unknown_expression(tmp_path: Path) -> None:
    x = value_of(tmp_path, f"x = [1]\nx.append(2) if {UNKNOWN} else None\n")
    assert x[0] == 1 and isinstance(x[-1], UnknownItems)


def test_a_function_that_calls_itself_for_what_is_not_known(tmp_path: Path) -> None:
    code = """
def cast(data):
    if isinstance(data, dict):
        return {k: cast(v) for k, v in data.items()}
    if isinstance(data, list):
        return [cast(item) for item in data]
    return data
with DAG("d", params=cast({"a": [{"b": [1]}], "c": cast(Variable.get("x"))})):
    EmptyOperator(task_id="t")
"""
    found = read(tmp_path, code)
    params = found.dags[0].arguments["params"].value
    assert params["a"] == [{"b": [1]}]
    assert isinstance(params["c"], Symbolic)


@pytest.mark.parametrize(("returned", "known"), [("'x'", True), ("n", False)])
def test_returns_in_many_turns(tmp_path: Path, returned: str, known: bool) -> None:
    code = f"""
def pick():
    for n in range(300):
        for m in range(3):
            if {UNKNOWN}:
                return {returned}
            if {UNKNOWN}:
                break
    return 'x'
x = pick()
"""
    value = value_of(tmp_path, code)
    assert (value == "x") is known
    assert known or isinstance(value, Symbolic)
