"""DAGs, tasks, groups and edges; what Airflow makes of the same forms is in tests/judge."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.reading import HEAD_LINES, codes, edges, read, read_dag

WITH = "with DAG('d') as d:\n"
EDGES = {
    "a >> b": {"a": [], "b": ["a"], "c": []},
    "a << b": {"a": ["b"], "b": [], "c": []},
    "a >> [b, c]": {"a": [], "b": ["a"], "c": ["a"]},
    "[a, b] >> c": {"a": [], "b": [], "c": ["a", "b"]},
    "[a, b] << c": {"a": ["c"], "b": ["c"], "c": []},
    "a >> (b, c)": {"a": [], "b": ["a"], "c": ["a"]},
    "a.set_upstream([b, c])": {"a": ["b", "c"], "b": [], "c": []},
    "a.set_downstream(b, edge_modifier=Label('x'))": {"a": [], "b": ["a"], "c": []},
    "a >> Label('x') >> b": {"a": [], "b": ["a"], "c": []},
    "a << Label('x') << b": {"a": ["b"], "b": [], "c": []},
    "a >> b >> c": {"a": [], "b": ["a"], "c": ["b"]},
    "d.get_task('a') >> d.task_dict['b']": {"a": [], "b": ["a"], "c": []},
    "d.roots[0] >> d.leaves[-1]": {"a": [], "b": [], "c": ["a"]},
    "a >> b\n    b.upstream_list[0] >> c": {"a": [], "b": ["a"], "c": ["a"]},
    "a >> b\n    a.downstream_list[0] >> c": {"a": [], "b": ["a"], "c": ["b"]},
    "c >> d.tasks[:2] if d.has_task('a') else None": {"a": ["c"], "b": ["c"], "c": []},
}


@pytest.mark.parametrize("code", EDGES)
def test_edges(code: str, tmp_path: Path) -> None:
    tasks = "    a, b, c = [EmptyOperator(task_id=i) for i in 'abc']\n"
    assert edges(read_dag(tmp_path, f"{WITH}{tasks}    {code}\n")) == EDGES[code]


def test_labels_are_kept(tmp_path: Path) -> None:
    tasks = (
        "    a, b, c = [EmptyOperator(task_id=i) for i in 'abc']\n    a >> Label('x') >> [b, c]\n"
    )
    dag = read_dag(tmp_path, WITH + tasks)
    assert dag.task("b").labels == dag.task("c").labels == {"a": "x"}


REFUSED = {
    "a >> 'text'": "D2Z109",
    "[a] >> [a]": "D2Z109",
    "chain([a], [a, a])": "D2Z109",
    "EmptyOperator(task_id='a')": "D2Z113",
    "TaskGroup('a')": "D2Z113",
    "EmptyOperator()": "D2Z109",
    "EmptyOperator('b')": "D2Z109",
    "d.get_task('none')": "D2Z109",
    "DAG()": "D2Z109",
    "with a: pass": "D2Z109",
    "[x for x in a.missing.more]": None,
    "1 // 0": "D2Z109",
    "undefined": "D2Z109",
    "a = [1].nothing": "D2Z109",
    "f = (lambda v: v)(1, 2)": "D2Z109",
    "f = (lambda v: v)()": "D2Z109",
    "f = (lambda v: v)(1, v=2)": "D2Z109",
    "f = (lambda v: v)(w=2)": "D2Z109",
    "for i in 5: pass": "D2Z109",
    "p, q = [1]": "D2Z109",
    "None()": "D2Z109",
    "'a'()": "D2Z109",
    "raise ValueError('no')": "D2Z109",
    "raise ValueError": "D2Z109",
    "assert False": "D2Z109",
    "return 1": "D2Z101",
    "break": "D2Z101",
    "from team_missing_name import x": None,
    "a >> a": "D2Z114",
    "EmptyOperator(task_id='x y')": "D2Z115",
    "TaskGroup('a/b')": "D2Z115",
    "f(**{'a': 1}, a=2)": "D2Z109",
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_airflow_would_refuse(code: str, tmp_path: Path) -> None:
    text = "from airflow.models.baseoperator import chain\ndef f(**k): pass\n"
    text += f"{WITH}    a = EmptyOperator(task_id='a')\n    {code}\n"
    found = read(tmp_path, text)
    expected = REFUSED[code]
    if expected is None:
        assert found.error is None
    else:
        assert found.dags == ()
        assert (found.error or "").startswith(expected)
        assert codes(found)[0][1] in (3, 4, 5)


def test_dag_id_used_twice_keeps_the_last(tmp_path: Path) -> None:
    one = "with DAG('d'):\n    EmptyOperator(task_id='{}')\n"
    found = read(tmp_path, one.format("a") + one.format("b"))
    assert codes(found) == [("D2Z112", 3)]
    assert [task.task_id for dag in found.dags for task in dag.tasks] == ["b"]


def test_dag_without_tasks(tmp_path: Path) -> None:
    assert codes(read(tmp_path, "d = DAG('d')\n")) == [("D2Z117", 1)]


def test_bad_dag_id(tmp_path: Path) -> None:
    found = read(tmp_path, "with DAG('a b'):\n    EmptyOperator(task_id='t')\n")
    assert codes(found) == [("D2Z115", 1)]
    assert found.error is not None


def test_task_joins_the_dag_of_its_edge(tmp_path: Path) -> None:
    code = "a = EmptyOperator(task_id='a')\nb = EmptyOperator(task_id='b')\n"
    code += "d = DAG('d', default_args={'retries': 4})\na.dag = d\nb << a\n"
    dag = read_dag(tmp_path, code)
    assert edges(dag) == {"a": [], "b": ["a"]}
    assert "retries" not in dag.task("a").arguments  # as in Airflow, they came too late
    assert "retries" not in dag.task("b").arguments


def test_add_task(tmp_path: Path) -> None:
    code = "d = DAG('d')\nd.add_task(EmptyOperator(task_id='a'))\n"
    code += "d.add_tasks([EmptyOperator(task_id='b')])\n"
    assert list(edges(read_dag(tmp_path, code))) == ["a", "b"]


def test_task_without_a_dag_is_left_out(tmp_path: Path) -> None:
    code = "EmptyOperator(task_id='lost')\nwith DAG('d'):\n    EmptyOperator(task_id='t')\n"
    assert list(edges(read_dag(tmp_path, code))) == ["t"]


def test_dag_arguments_by_position_and_attribute(tmp_path: Path) -> None:
    code = "with DAG('d', 'text', '@daily') as d:\n    EmptyOperator(task_id='t')\n"
    code += "d.doc_md = d.description + d.dag_id\n"
    dag = read_dag(tmp_path, code)
    values = {name: argument.value for name, argument in dag.arguments.items()}
    assert values == {
        "dag_id": "d",
        "description": "text",
        "schedule": "@daily",
        "doc_md": "textd",
    }


def test_default_args_dag_then_group_then_task(tmp_path: Path) -> None:
    code = """
DEFAULTS = {"retries": 1, "owner": "dag", "pool": "dag", "queue": "dag"}
with DAG("d", default_args=DEFAULTS):
    with TaskGroup("g", default_args={"retries": 2, "pool": "group", "queue": "group"}):
        with TaskGroup("h", default_args=dict(pool="inner", queue="inner")):
            EmptyOperator(task_id="t", queue="task", default_args={"owner": "own"})
"""
    task = read_dag(tmp_path, code).task("g.h.t")
    found = {name: (arg.value, arg.origin) for name, arg in task.arguments.items()}
    assert found == {
        "task_id": ("t", "task"),
        "queue": ("task", "task"),
        "retries": (2, "group_default_args"),
        "owner": ("own", "task"),
        "pool": ("inner", "group_default_args"),
    }
    assert task.arguments["retries"].span.line == HEAD_LINES + 4


def test_default_args_have_the_place_of_their_entry(tmp_path: Path) -> None:
    code = "A = {\n    'retries': 1,\n    'owner': 'x',\n}\nwith DAG('d', default_args=A):\n"
    dag = read_dag(tmp_path, code + "    EmptyOperator(task_id='t')\n")
    argument = dag.task("t").arguments["retries"]
    assert (argument.span.line, argument.span.column) == (HEAD_LINES + 2, 16)
    assert argument.source is not None and argument.source.code == "1"
    assert dag.default_args["owner"].value == "x"


def test_groups(tmp_path: Path) -> None:
    code = """
with DAG("d") as d:
    with TaskGroup("one", tooltip="tip") as one:
        EmptyOperator(task_id="a")
        with TaskGroup("two", prefix_group_id=False) as two:
            EmptyOperator(task_id="b")
    three = TaskGroup("three", parent_group=one)
    EmptyOperator(task_id="c", task_group=three)
    one.get_child_by_label("a") >> three.children["one.three.c"]
    assert one.group_id == "one" and one.dag is d and two.group_id == "one.two"
"""
    dag = read_dag(tmp_path, code)
    assert edges(dag) == {"one.a": [], "b": [], "one.three.c": ["one.a"]}
    assert [(g.group_id, g.parent, g.tooltip) for g in dag.groups] == [
        ("one", None, "tip"),
        ("one.two", "one", ""),
        ("one.three", "one", ""),
    ]
    assert [task.group for task in dag.tasks] == ["one", "one.two", "one.three"]


def test_group_suffix_on_collision(tmp_path: Path) -> None:
    code = "with DAG('d'):\n    for i in range(3):\n"
    code += "        with TaskGroup('g', add_suffix_on_collision=True):\n"
    code += "            EmptyOperator(task_id='t')\n"
    assert list(edges(read_dag(tmp_path, code))) == ["g.t", "g__1.t", "g__2.t"]


def test_task_group_decorator(tmp_path: Path) -> None:
    code = """
@task
def f(x):
    return x

@task_group(group_id="outer", tooltip="t")
def g(x, y=1):
    return f(x) if y else None

@task_group
def h():
    \"\"\"Text.\"\"\"
    f(1)

with DAG("d") as d:
    g(g.override(group_id="first")(1)) >> h()
"""
    dag = read_dag(tmp_path, code)
    assert edges(dag) == {"first.f": [], "outer.f": ["first.f"], "h.f": ["outer.f"]}
    assert [group.tooltip for group in dag.groups] == ["t", "t", "Text."]
