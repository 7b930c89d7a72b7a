"""Objects of the project where Python asks them: truth, sets, items, caches, generators."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.evaluate.reading import codes, edges, read, read_dag, value_of
from transpiler.model.values import Symbolic


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (
            "from functools import lru_cache\nn = []\n@lru_cache(maxsize=None)\n"
            "def f(a): n.append(a); return a * 2\nf(1); f(2); f(1)\nx = [f(1), n]",
            [2, [1, 2]],
        ),
        (
            "from functools import cache\nn = []\nclass A:\n    @cache\n"
            "    def f(self): n.append(1); return n\na = A(); a.f()\nx = [a.f() is a.f(), n]",
            [True, [1]],
        ),
        (
            "class A:\n    def __init__(s): s.d = {}\n"
            "    def __setitem__(s, k, v): s.d[k] = v * 2\n"
            "    def __delitem__(s, k): del s.d[k]\n"
            "a = A(); a['k'] = 1; a['z'] = 2; del a['z']\nx = a.d",
            {"k": 2},
        ),
        ("class A: pass\na = A(); a.v = 1; del a.v\nx = hasattr(a, 'v')", False),
        ("y = [z := n for n in range(3)]\nx = [y, z]", [[0, 1, 2], 2]),
        (
            "class A:\n    n = 2\n    a = [i for i in range(n)]\n"
            "    try: b = [n for i in range(2)]\n    except NameError: b = 'scope'\nx = [A.a, A.b]",
            [[0, 1], "scope"],
        ),
        ("def g():\n    yield 1\n    yield from [2, 3]\nx = list(g())", [1, 2, 3]),
    ],
)
def test_values_are_those_of_python(tmp_path: Path, code: str, value: Any) -> None:
    names: dict[str, Any] = {}
    exec(code, names)
    assert names["x"] == value
    assert value_of(tmp_path, f"{code}\n") == value


@pytest.mark.parametrize(
    "code",
    [
        "class A:\n    def __bool__(s): return False\nx = 'y' if A() else 'n'",
        "class A:\n    def __len__(s): return 0\nx = bool(A())",
        "class A:\n    def __init__(s, n): s.n = n\n    def __eq__(s, o): return s.n == o.n\n"
        "    def __hash__(s): return hash(s.n)\nx = len({A(1), A(1)})",
        "from dataclasses import dataclass\n@dataclass(frozen=True)\nclass A:\n    n: int\n"
        "x = len({A(n) for n in (1, 1)})",
        "class A:\n    def __eq__(s, o): return True\n    def __hash__(s): return 1\n"
        "x = len(set([A(), A()]))",
        "def g():\n    yield 1\n    return 4\ndef h():\n    r = yield from g()\n    yield r\n"
        "x = list(h())[1]",
        "import os\ndef g():\n    yield 1\n    yield from os.environ\nx = list(g())",
    ],
)
def test_what_is_not_evaluated_is_not_known(tmp_path: Path, code: str) -> None:
    assert isinstance(value_of(tmp_path, f"{code}\n"), Symbolic)


def test_a_cached_function_makes_its_task_once(tmp_path: Path) -> None:
    code = (
        "from functools import cache\n@cache\n"
        "def start(): return EmptyOperator(task_id='start')\n"
        "with DAG('d'):\n    for n in range(2):\n"
        "        start() >> EmptyOperator(task_id=f't{n}')\n"
    )
    assert edges(read_dag(tmp_path, code)) == {"start": [], "t0": ["start"], "t1": ["start"]}


@pytest.mark.parametrize(
    "code",
    [
        "class A:\n    def __setattr__(s, k, v): object.__setattr__(s, k, v * 2)\na = A()\na.v = 2\n",
        "import team\ndel team.value\n",
    ],
)
def test_changes_that_are_not_evaluated_are_reported(tmp_path: Path, code: str) -> None:
    found = read(tmp_path, f"{code}with DAG('d'):\n    EmptyOperator(task_id='t')\n")
    assert "D2Z116" in [item for item, _ in codes(found)]


def test_an_object_without_items_takes_none(tmp_path: Path) -> None:
    found = read(tmp_path, "class A: pass\na = A()\na['k'] = 1\nwith DAG('d'): pass\n")
    assert found.error is not None and "TypeError" in found.error
