"""`isinstance`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.reading import read_dag, value_of

HEAD = """
from collections.abc import Iterable, Mapping
from pathlib import Path
U = Variable.get("x")
"""
TRUE = [
    "isinstance({'a': U}, dict)",
    "isinstance([U], (str, list))",
    "isinstance({'a': 1}, Mapping) and isinstance('a', Iterable)",
    "isinstance(Path('x'), Path)",
    "isinstance(datetime(2024, 1, 1), datetime) and isinstance(datetime(2024, 1, 1), date)",
    "not isinstance(date(2024, 1, 1), datetime)",
    "isinstance(True, int) and not isinstance(1, bool) and not isinstance('1', int)",
    "not isinstance([1], dict) and not isinstance(None, str)",
]


@pytest.mark.parametrize("expression", TRUE)
def test_known(tmp_path: Path, expression: str) -> None:
    assert value_of(tmp_path, f"{HEAD}x = 1 if {expression} else 0\n") == 1


def test_tasks(tmp_path: Path) -> None:
    code = """
from airflow.models import BaseOperator
class Mine(BashOperator): pass
with DAG("d"):
    with TaskGroup("g") as g:
        m = Mine(task_id="m", bash_command="x")
    kinds = [isinstance(m, k) for k in (Mine, BashOperator, BaseOperator, TaskGroup, EmptyOperator)]
    kinds += [isinstance(g, TaskGroup), isinstance(g, BaseOperator)]
    EmptyOperator(task_id="_".join(str(int(kind)) for kind in kinds))
"""
    assert [task.task_id for task in read_dag(tmp_path, code).tasks][1] == "1_1_1_0_0_1_0"
