"""What real DAG files taught: each case is the smallest file that shows it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from transpiler.evaluate import read_dag_file

HEAD = """\
from datetime import datetime
from airflow import DAG
from airflow.decorators import dag, task, task_group
from airflow.operators.bash import BashOperator
"""
WITH = 'with DAG("d", start_date=datetime(2024, 1, 1), schedule=None):\n'


def commands(folder: Path, body: str) -> dict[str, object]:
    """Command by task id of a DAG whose `with` block is `body`."""
    file = folder / "d.py"
    file.write_text(
        HEAD + WITH + "".join(f"    {line}\n" for line in body.splitlines()), encoding="utf-8"
    )
    read = read_dag_file(file, folder)
    assert read.error is None, read.findings
    return {t.task_id: t.arguments["bash_command"].value for t in read.dags[0].tasks}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ('"SELECT * FROM {s}.t".format(s="PUB")', "SELECT * FROM PUB.t"),
        ('"SELECT * FROM %s" % "t"', "SELECT * FROM t"),
        ('"project-123456.{}".format("x")', "project-123456.x"),
        ('", ".join({"b", "a"})', "a, b"),
    ],
)
def test_texts_with_stars_and_long_numbers(tmp_path: Path, expression: str, value: str) -> None:
    assert commands(tmp_path, f'BashOperator(task_id="t", bash_command={expression})') == {
        "t": value
    }


@pytest.mark.parametrize(
    "expression", ["'%*d' % (10**9, 1)", "'%100000d' % 1", "'{:100000}'.format(1)"]
)
def test_huge_widths_are_refused(tmp_path: Path, expression: str) -> None:
    file = tmp_path / "d.py"
    file.write_text(f"x = {expression}\n", encoding="utf-8")
    assert [finding.code for finding in read_dag_file(file, tmp_path).findings] == ["D2Z108"]


def test_sets_have_one_order_in_every_process(tmp_path: Path) -> None:
    body = 'for name in {"glam", "bhr", "ltv", "crm"}:\n    BashOperator(task_id=name, bash_command="x")'
    assert list(commands(tmp_path, body)) == ["bhr", "crm", "glam", "ltv"]
    program = (
        "import sys; from pathlib import Path; from transpiler.evaluate import read_dag_file;"
        "found = read_dag_file(Path(sys.argv[1]), Path(sys.argv[2]));"
        "print([t.task_id for t in found.dags[0].tasks])"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path / "d.py"), str(tmp_path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


def test_all_tasks_of_a_mapped_group_are_mapped(tmp_path: Path) -> None:
    text = """
@task
def numbers():
    return [1, 2]

@task
def use(x):
    return x

@task
def other():
    return 1

@task_group
def work(x):
    use(x) >> other()

@dag(start_date=datetime(2024, 1, 1), schedule=None)
def flow():
    work.expand(x=numbers())

flow()
"""
    file = tmp_path / "d.py"
    file.write_text(HEAD + text, encoding="utf-8")
    (flow,) = read_dag_file(file, tmp_path).dags
    assert {t.task_id: (t.upstream, flow.mapped_group(t) is not None) for t in flow.tasks} == {
        "numbers": ((), False),
        "work.use": (("numbers",), True),
        "work.other": (("work.use",), True),
    }


@pytest.mark.parametrize(
    "statement",
    [
        'import glob, os\nFILES = glob.glob(os.path.join(os.path.dirname(__file__), "**.py"))',
        "from yaml import safe_load\nDATA = safe_load(stream=1, more=2)",
    ],
)
def test_odd_calls_of_known_functions_are_unknown_values(tmp_path: Path, statement: str) -> None:
    file = tmp_path / "d.py"
    text = f'{HEAD}{statement}\n{WITH}    BashOperator(task_id="t", bash_command="x")\n'
    file.write_text(text, encoding="utf-8")
    assert read_dag_file(file, tmp_path).error is None
