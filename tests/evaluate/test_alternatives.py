"""Both sides of an unknown condition make tasks of the same ids."""

from __future__ import annotations

from pathlib import Path

from tests.evaluate.reading import codes, edges, read
from transpiler.model.values import Symbolic

SIDES = """
import os
with DAG("d"):
    if os.environ["ENV"] == "prod":
        t = BashOperator(task_id="a", bash_command="one", retries=1)
    else:
        t = BashOperator(task_id="a", bash_command="two", retries=1)
    t >> EmptyOperator(task_id="b")
"""


def test_one_task_stands_for_both(tmp_path: Path) -> None:
    found = read(tmp_path, SIDES)
    (dag,) = found.dags
    assert edges(dag) == {"a": [], "b": ["a"]}
    arguments = dag.tasks[0].arguments
    assert arguments["retries"].value == 1
    assert isinstance(arguments["bash_command"].value, Symbolic)
    assert codes(found) == [("D2Z110", 4)]
    assert found.findings[0].severity == "manual"


def test_what_one_side_alone_makes_is_there_too(tmp_path: Path) -> None:
    code = """
with DAG("d"):
    if Variable.get("x"):
        with TaskGroup("g"):
            EmptyOperator(task_id="a", retries=2)
    elif Variable.get("y"):
        with TaskGroup("g") as g:
            EmptyOperator(task_id="a")
            EmptyOperator(task_id="c")
    else:
        EmptyOperator(task_id="e")
"""
    (dag,) = read(tmp_path, code).dags
    assert list(edges(dag)) == ["g.a", "g.c", "e"]
    assert isinstance(dag.tasks[0].arguments["retries"].value, Symbolic)


def test_taskflow_counts_each_side_anew(tmp_path: Path) -> None:
    code = """
@task
def t(): pass
with DAG("d"):
    if Variable.get("x"):
        t()
        t()
    else:
        t()
        t()
        t()
    t()
"""
    (dag,) = read(tmp_path, code).dags
    assert list(edges(dag)) == ["t", "t__1", "t__2", "t__3"]


def test_an_id_given_twice_on_one_side_is_airflows_error(tmp_path: Path) -> None:
    code = """
with DAG("d"):
    if Variable.get("x"):
        EmptyOperator(task_id="a")
    EmptyOperator(task_id="a")
"""
    assert "DuplicateTaskIdFound" in str(read(tmp_path, code).error)


def test_relatives(tmp_path: Path) -> None:
    code = """
with DAG("d") as dag:
    a, b, c = (EmptyOperator(task_id=n) for n in "abc")
    a >> b >> c
    for task in list(dag.tasks):
        if not task.get_direct_relatives(upstream=True):
            EmptyOperator(task_id="start") >> task
    known = c.get_flat_relative_ids(upstream=True)
    EmptyOperator(task_id="_".join(sorted(known)))
    assert not c.get_direct_relative_ids()
"""
    (dag,) = read(tmp_path, code).dags
    assert edges(dag) == {"a": ["start"], "b": ["a"], "c": ["b"], "start": [], "a_b_start": []}


def test_scandir(tmp_path: Path) -> None:
    code = """
import json, os
from pathlib import Path
with os.scandir(Path(__file__).parent / "conf") as entries, DAG("d"):
    for entry in entries:
        if entry.is_file() and entry.name.endswith(".json"):
            with open(entry.path) as file:
                EmptyOperator(task_id=json.load(file)["id"])
"""
    files = {"conf/b.json": '{"id": "b"}', "conf/a.json": '{"id": "a"}', "conf/x.txt": ""}
    (dag,) = read(tmp_path, code, files).dags
    assert list(edges(dag)) == ["a", "b"]


def test_scandir_of_a_folder_that_is_not_known(tmp_path: Path) -> None:
    code = """
import os
with DAG("d"):
    for entry in os.scandir(os.environ["FOLDER"]):
        EmptyOperator(task_id="t")
"""
    found = read(tmp_path, code)
    assert codes(found) == [("D2Z110", 4)]
    assert list(edges(found.dags[0])) == ["t"]
