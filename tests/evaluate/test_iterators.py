"""Generators, `zip`, `map` and the like give each item once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.evaluate.reading import read

PROGRAMS = [
    "g = (i for i in range(3))\nx = [list(g), list(g)]",
    "z = zip('ab', 'cd')\nx = [dict(z), list(z), z is not None, bool(z)]",
    "m = map(str, [1, 2])\nx = [next(m), list(m), next(m, 'end')]",
    "def f():\n    yield 1\n    yield 2\n    yield 3\n"
    "g = f()\nfor a in g:\n    if a == 2:\n        break\nx = [a, list(g)]",
    "g = iter([1, 2, 3, 4, 5])\nx = []\nwhile part := list(itertools.islice(g, 2)):\n    x.append(part)",
    "e = enumerate('ab')\nx = [bool(e), sorted(e), any(e)]",
    "g = (i for i in range(4))\nx = [next(g), sum(g), sum(g)]",
    "it = iter([1, 2, 3, 4])\nx = list(zip(it, it))",
    "x = isinstance((i for i in []), list)",
    "r = reversed([1, 2])\nx = [list(r), list(r)]",
    "g = (i for i in range(4))\na, *b = g\nx = [a, b, list(g)]",
    "c = itertools.chain([1], [2])\nx = [list(c), list(c)]",
    "d = {k: v for k, v in zip('ab', [1, 2])}\nx = [list(d.items()), list(d.items())]",
    "f = filter(None, [0, 1, 2, 3])\nx = [2 in f, list(f)]",
    "p = itertools.product('ab', repeat=2)\nx = [len(list(p)), list(p)]",
]


@pytest.mark.parametrize("code", PROGRAMS)
def test_the_items_are_those_of_python(code: str, tmp_path: Path) -> None:
    code = f"import itertools\n{code}\n"
    names: dict[str, Any] = {}
    exec(code, names)
    made = "with DAG('d', params={'x': x}):\n    EmptyOperator(task_id='t')\n"
    result = read(tmp_path, code + made)
    assert not result.error
    (dag,) = result.dags
    assert dag.arguments["params"].value == {"x": names["x"]}


def test_a_second_loop_over_an_iterator_makes_no_tasks(tmp_path: Path) -> None:
    code = (
        "pairs = zip('ab', 'cd')\n"
        "with DAG('d'):\n"
        "    for one, two in pairs:\n        EmptyOperator(task_id=one + two)\n"
        "    for one, two in pairs:\n        EmptyOperator(task_id=f'again_{one}')\n"
    )
    (dag,) = read(tmp_path, code).dags
    assert [task.task_id for task in dag.tasks] == ["ac", "bd"]


def test_an_iterator_has_no_length(tmp_path: Path) -> None:
    error = read(tmp_path, "x = len(map(str, [1]))\nwith DAG('d'):\n    pass\n").error
    assert error is not None and "TypeError" in str(error)


MAKES = (
    "from airflow.models.baseoperator import chain\n"
    "def make():\n    for i in range(2):\n        yield EmptyOperator(task_id=f't{i}')\n"
)


@pytest.mark.parametrize(
    "code",
    [
        "with DAG('d'):\n    g = make()\n    EmptyOperator(task_id='a')\n",
        "with DAG('d') as dag:\n    a = EmptyOperator(task_id='a')\n    b = EmptyOperator(task_id='b')\n"
        "    map(a.set_downstream, [b])\n",
        "with DAG('d'):\n    g = (EmptyOperator(task_id=n) for n in 'ab')\n",
        "g = make()\nwith DAG('d'):\n    list(g)\n",
        "with DAG('d'):\n    g = make()\n    with TaskGroup('inner'):\n        a, b = g\n",
    ],
)
def test_tasks_of_an_iterator_that_python_makes_elsewhere_are_reported(
    code: str, tmp_path: Path
) -> None:
    result = read(tmp_path, MAKES + code)
    assert "D2Z116" in {item.code for item in result.findings}


@pytest.mark.parametrize(
    "code",
    ["a, b = make()", "tasks = []\n    tasks.extend(make())", "a = next(make())", "chain(*make())"],
)
def test_tasks_of_an_iterator_that_is_asked_at_once_are_plain(code: str, tmp_path: Path) -> None:
    result = read(tmp_path, f"{MAKES}with DAG('d'):\n    {code}\n")
    assert "D2Z116" not in {item.code for item in result.findings}
    (dag,) = result.dags
    assert len(dag.tasks) == 2
