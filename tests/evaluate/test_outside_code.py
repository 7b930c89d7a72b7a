"""Code from outside the project that could make tasks, DAGs or edges."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.reading import codes, read, read_dag

HEAD = (
    "from company import create_task, connect, TeamDag, settings, get_state, LoadTaskGroup, deco\n"
)


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("create_task('x')", "D2Z116"),
        ("connect(dag)", "D2Z116"),
        ("connect([1], on=a)", "D2Z116"),
        ("TeamDag('t')", "D2Z116"),
        ("LoadTaskGroup(group_id='g')", "D2Z110"),
        ("settings.one() >> settings.two()", "D2Z110"),
        ("chain(a, settings.one(), a)", "D2Z110"),
        ("a.set_downstream(settings.one())", "D2Z110"),
        ("cross_downstream([a], [settings.one()])", "D2Z110"),
        ("EmptyOperator(task_id='s', subdag=dag)", "D2Z116"),
        ("task(retries=1)()", "D2Z116"),
        ("task(settings.load)()", "D2Z116"),
        ("settings.load('x')(task_id='t')", "D2Z116"),
    ],
)
def test_what_could_change_the_dag_is_reported(tmp_path: Path, line: str, code: str) -> None:
    head = f"{HEAD}from airflow.models.baseoperator import chain, cross_downstream\n"
    body = f"with DAG('d') as dag:\n    a = EmptyOperator(task_id='a')\n    {line}\n"
    assert codes(read(tmp_path, head + body)) == [(code, 5)]


@pytest.mark.parametrize(
    "line", ["get_state(dag)", "settings.load('x')", "import logging; logging.info(dag)"]
)
def test_what_only_reads_is_not(tmp_path: Path, line: str) -> None:
    body = f"with DAG('d') as dag:\n    EmptyOperator(task_id='a')\n    {line}\n"
    assert codes(read(tmp_path, HEAD + body)) == []


def test_a_function_under_an_unknown_decorator(tmp_path: Path) -> None:
    code = f"""{HEAD}
import functools
from tenacity import retry
@deco
def make():
    EmptyOperator(task_id="made")
@retry(stop=3)
@functools.lru_cache(maxsize=None)
def name():
    return "n"
with DAG("d"):
    EmptyOperator(task_id=name())
    make()
"""
    assert codes(read(tmp_path, code)) == [("D2Z116", 14)]


def test_parameters_that_a_providers_decorator_fills(tmp_path: Path) -> None:
    code = """
with DAG("d"):
    @task.pyspark(conn_id="c")
    def count(spark, table, other=1): pass
    count("t")
"""
    (found,) = read_dag(tmp_path, code).tasks
    assert found.operator == "airflow.decorators.task.pyspark"


def test_an_xcom_arg_by_its_class(tmp_path: Path) -> None:
    code = """
from airflow import XComArg
with DAG("d"):
    a = EmptyOperator(task_id="a")
    BashOperator(task_id="b", bash_command="x", env={"k": XComArg(a, key="k")})
    BashOperator(task_id="c", bash_command="x", env={"k": XComArg(Variable.get("x"))})
"""
    dag = read_dag(tmp_path, code)
    assert dag.task("b").upstream == ("a",)
    assert dag.task("b").arguments["env"].value["k"].key == "k"


def test_an_installed_package_behind_a_folder_of_its_name(tmp_path: Path) -> None:
    code = "from google.cloud import storage\nfrom google import missing\nx = storage\n"
    files = {"google/cloud/other.py": "", "google/__init__.py": ""}
    found = read(tmp_path, code + "with DAG('d'):\n    EmptyOperator(task_id='t')\n", files)
    assert found.error is None


def test_plugins_beside_the_folder_of_the_dags(tmp_path: Path) -> None:
    code = "from helper import NAME\nwith DAG(NAME):\n    EmptyOperator(task_id='t')\n"
    assert read_dag(tmp_path, code, {"plugins/helper.py": "NAME = 'n'\n"}).dag_id == "n"


@pytest.mark.parametrize("call", ["chain(*names)", "make(*names)", "task(make)(*names)"])
def test_unpacked_arguments_that_are_not_known(tmp_path: Path, call: str) -> None:
    code = f"""
from airflow.models.baseoperator import chain
names = Variable.get("names", deserialize_json=True)
def make(*names): pass
with DAG("d"):
    EmptyOperator(task_id="t")
    print(*names)
    {call}
"""
    assert codes(read(tmp_path, code)) == [("D2Z110", 8)]


def test_what_names_a_task_and_is_none(tmp_path: Path) -> None:
    code = """
from airflow.models.taskinstancekey import TaskInstanceKey
with DAG("d"):
    EmptyOperator(task_id="t")
    TaskInstanceKey(dag_id="d", task_id="x", run_id="r")
"""
    assert [task.task_id for task in read_dag(tmp_path, code).tasks] == ["t"]


def test_an_empty_iterator(tmp_path: Path) -> None:
    found = read(tmp_path, "it = iter([1])\nnext(it)\nnext(it)\n")
    assert found.error is not None and "StopIteration" in found.error


def test_classes_by_their_paths(tmp_path: Path) -> None:
    code = """
from airflow.utils.module_loading import import_string
with DAG("d"):
    import_string("airflow.operators.bash.BashOperator")(task_id="a", bash_command="true")
    import_string("team.Own")(task_id="b")
    import_string("Nothing")
"""
    own = "from airflow.operators.empty import EmptyOperator\nclass Own(EmptyOperator): pass\n"
    dag = read_dag(tmp_path, code, {"team.py": own})
    assert {task.task_id: task.operator.rpartition(".")[2] for task in dag.tasks} == {
        "a": "BashOperator",
        "b": "EmptyOperator",
    }


CAUGHT = {
    "after a task": ("EmptyOperator(task_id='a')\n        load(None)", "TypeError"),
    "in a function": ("one([])", "Exception"),
    "any": ("one([])", ""),
}
NOT_SAID = {
    "own line": ("int('x')", "Exception"),
    "expected": ("one([])", "IndexError"),
}


def caught(folder: Path, body: str, kind: str) -> list[tuple[str, int]]:
    code = f"""
def load(names):
    for name in names:
        EmptyOperator(task_id=name)
def one(names):
    return names[0]
with DAG("d"):
    EmptyOperator(task_id="t")
    try:
        {body}
    except {kind}:
        pass
"""
    return codes(read(folder, code))


@pytest.mark.parametrize("case", CAUGHT.values(), ids=CAUGHT)
def test_code_that_ends_early_and_says_nothing(tmp_path: Path, case: tuple[str, str]) -> None:
    assert [code for code, _ in caught(tmp_path, *case)] == ["D2Z110"]


@pytest.mark.parametrize("case", NOT_SAID.values(), ids=NOT_SAID)
def test_exceptions_that_a_file_expects(tmp_path: Path, case: tuple[str, str]) -> None:
    assert caught(tmp_path, *case) == []
