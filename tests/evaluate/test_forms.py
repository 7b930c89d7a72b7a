"""Less usual spellings of decorators, attributes and calls."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.reading import codes, edges, read, read_dag, value_of
from transpiler.model.values import Ref

DECORATORS = {
    "@dag('named')\ndef f():\n    EmptyOperator(task_id='t')\nf()": ("named", ["t"]),
    "@dag()\ndef f():\n    EmptyOperator(task_id='t')\nmade = f()": ("f", ["t"]),
    "@dag\ndef f(a, b=2):\n    EmptyOperator(task_id='t')\nf(1)": ("f", ["t"]),
    "@task()\ndef t(): pass\nwith DAG('d'): t()": ("d", ["t"]),
    "@task_group('g')\ndef f():\n    EmptyOperator(task_id='t')\nwith DAG('d'): f()": (
        "d",
        ["g.t"],
    ),
    "@task_group()\ndef f():\n    EmptyOperator(task_id='t')\nwith DAG('d'): f()": ("d", ["f.t"]),
    "@setup\n@task\ndef t(): pass\nwith DAG('d'): t()": ("d", ["t"]),
    "@teardown()\ndef t(): pass\nwith DAG('d'): t()": ("d", ["t"]),
    "d = DAG('d')\n@d.task\ndef t(): pass\nt()": ("d", ["t"]),
    "d = DAG('d')\n@d.task(task_id='u')\ndef t(): pass\nt()": ("d", ["u"]),
    "with DAG('d'): task(lambda: 1) if False else task(task_id='t')(print) if False else "
    "EmptyOperator(task_id='t')": ("d", ["t"]),
    "@task.sensor(poke_interval=5)\ndef t(): pass\nwith DAG('d'): t()": ("d", ["t"]),
    "from airflow.sdk import dag as made, task as t1\n@t1\ndef t(): pass\n@made\ndef f():\n    t()\n"
    "f()": ("f", ["t"]),
    "with DAG('d'):\n    [EmptyOperator(task_id='t')] + []": ("d", ["t"]),
    "with DAG('d'): EmptyOperator(task_id='t').set_upstream([])": ("d", ["t"]),
}


@pytest.mark.parametrize("code", DECORATORS)
def test_forms_of_dags_and_tasks(code: str, tmp_path: Path) -> None:
    dag = read_dag(tmp_path, code + "\n")
    assert (dag.dag_id, list(edges(dag))) == DECORATORS[code]


OBJECTS = {
    "d.dag_id": "d",
    "d.task_ids": ["t"],
    "[t.task_id, t.label, t.task_group.group_id]": ["t", "t", ""],
    "sorted(t.upstream_task_ids | t.downstream_task_ids)": [],
    "d.default_args": {"owner": "me"},
    "[d.task_group.group_id, d.has_task('u')]": ["", False],
    "t.output.key": "return_value",
    "Label('x').label": "x",
    "f.__name__": "f",
    "g.__name__": "g",
    "isinstance(t, BashOperator)": False,
    "isinstance(t, EmptyOperator)": True,
    "[t is t, t == t, t != d.tasks[0]]": [True, True, False],
    "t in [t]": True,
    "bool(t)": True,
    "[getattr(t, 'owner'), hasattr(t, 'task_id')]": ["me", True],
    "d.test() or d.clear() or d.cli()": None,
    "f.function.__name__": "f",
    "t.dag.dag_id": "d",
}


@pytest.mark.parametrize("expression", OBJECTS)
def test_attributes_of_airflow_objects(expression: str, tmp_path: Path) -> None:
    code = "@task\ndef f(): pass\ndef g(): pass\n"
    code += "d = DAG('d', default_args={'owner': 'me'})\nt = EmptyOperator(task_id='t', dag=d)\n"
    code += f"d.doc_md = repr({expression})\n"
    value = read_dag(tmp_path, code).arguments["doc_md"].value
    assert value == repr(OBJECTS[expression])


def test_generic_types_and_items(tmp_path: Path) -> None:
    code = "from typing import Dict\nA = Dict[str, int]\nB = list[int]\nx = [A, {(1,): 2}[1,]]\n"
    generic, item = value_of(tmp_path, code)
    assert (generic, item) == (Ref("typing.Dict"), 2)


def test_arguments_from_a_dictionary_keep_their_places(tmp_path: Path) -> None:
    code = "K = {'retries': 2}\nwith DAG('d'):\n"
    code += "    EmptyOperator(task_id='t', **K, **{'owner': 'x'})\n"
    arguments = read_dag(tmp_path, code).tasks[0].arguments
    retries = arguments["retries"].source
    assert retries is not None and retries.code == "2"
    owner = arguments["owner"].source
    assert owner is not None and owner.code == "'x'"


def test_unknown_arguments_of_a_taskflow_call(tmp_path: Path) -> None:
    code = "@task\ndef f(a): pass\nwith DAG('d'):\n    f(1, 2)\n"
    assert codes(read(tmp_path, code)) == [("D2Z109", 4)]


def test_task_without_a_known_id_of_a_taskflow_call(tmp_path: Path) -> None:
    code = "import os\n@task(task_id=os.environ['X'])\ndef f(a): pass\nwith DAG('d'):\n"
    found = read(tmp_path, code + "    f(1)\n    f.expand(a=[1])\n")
    assert [code for code, _ in codes(found)] == ["D2Z110", "D2Z110", "D2Z117"]


def test_conditions_of_a_task_are_hooks_before_it(tmp_path: Path) -> None:
    code = """
with DAG("d"):
    @task.skip_if(lambda context: not context["params"]["on"])
    @task
    def t(): pass
    t()
"""
    (found,) = read_dag(tmp_path, code).tasks
    assert (found.task_id, found.operator) == ("t", "airflow.decorators.task")
    assert found.arguments["pre_execute"].value.func == "airflow.decorators.task.skip_if"


def test_a_condition_of_no_task(tmp_path: Path) -> None:
    code = "@task.run_if(lambda c: True)\ndef t(): pass\n"
    assert "run_if can only be used with task" in str(read(tmp_path, code).error)


@pytest.mark.parametrize("name", ["task", "task.branch", "task_group", "dag"])
def test_lambdas_under_decorators(tmp_path: Path, name: str) -> None:
    code = f"with DAG('d'):\n    EmptyOperator(task_id='t')\n    {name}(lambda x: x)(3)\n"
    assert ("D2Z116", 3) in codes(read(tmp_path, code))
