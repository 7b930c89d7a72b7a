"""Objects of the project as keys, where Python may count two as one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.evaluate.reading import read

KEY = (
    "from collections import defaultdict\nfrom dataclasses import dataclass\nfrom enum import Enum\n"
    "@dataclass(frozen=True)\nclass Key:\n    a: int\n"
    "class Own:\n    def __eq__(self, other):\n        return True\n    def __hash__(self):\n        return 1\n"
    "class Kind(Enum):\n    A = 1\n    B = 2\n"
)
DAG = "with DAG('d', params={'x': x}):\n    EmptyOperator(task_id='t')\n"


@pytest.mark.parametrize(
    "code",
    [
        "x = list({Key(1): 'x', Key(1): 'y'}.values())",
        "d = {}\nd[Key(1)] = 1\nd[Key(1)] = 2\nx = list(d.values())",
        "x = {Key(1): 5}.get(Key(1), 7)",
        "s = set()\ns.add(Key(1))\ns.add(Key(1))\nx = len(s)",
        "d = defaultdict(list)\nd[Key(1)].append(1)\nd[Key(1)].append(2)\nx = list(d.values())",
        "x = len({Own(): 1, Own(): 2})",
    ],
)
def test_keys_that_may_be_equal_are_reported(code: str, tmp_path: Path) -> None:
    result = read(tmp_path, f"{KEY}{code}\n{DAG}")
    assert "D2Z116" in {item.code for item in result.findings}


@pytest.mark.parametrize(
    "code",
    [
        "d = {Key(1): 'x', Key(2): 'y'}\nx = list(d.values())",
        "d = defaultdict(list)\nfor kind in [*Kind, Kind.A]:\n    d[kind].append(kind.value)\nx = list(d.values())",
        "x = {Own(): 1}\nx = list(x.values())",
    ],
)
def test_keys_that_differ_are_read(code: str, tmp_path: Path) -> None:
    names: dict[str, Any] = {}
    exec(KEY + code, names)
    result = read(tmp_path, f"{KEY}{code}\n{DAG}")
    assert not result.findings
    (dag,) = result.dags
    assert dag.arguments["params"].value == {"x": names["x"]}
