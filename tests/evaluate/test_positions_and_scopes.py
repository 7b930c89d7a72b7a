"""Places, scopes and loops that lowering works with."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.reading import HEAD_LINES, read_dag

SPANS = """
# A comment.

with DAG(
    "d",
    tags=["a", (1)],
) as d:
    # Another.
    first = BashOperator(
        task_id="t",
        bash_command=f"{1}",
        env={"k": "v"},
    )

    with TaskGroup("g"): EmptyOperator(task_id='x', retries=(3))
"""


def place(span: object) -> tuple[int, int, int, int]:
    line, end = getattr(span, "line", 0), getattr(span, "end_line", 0)
    column, end_column = getattr(span, "column", 0), getattr(span, "end_column", 0)
    return line - HEAD_LINES, column, end - HEAD_LINES, end_column


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_places_of_dag_tasks_and_arguments(newline: str, tmp_path: Path) -> None:
    dag = read_dag(tmp_path, SPANS.replace("\n", newline))
    task, inner = dag.tasks
    assert place(dag.span) == (4, 6, 7, 2)
    assert place(dag.arguments["tags"].span) == (6, 10, 6, 20)
    assert place(task.span) == (9, 13, 13, 6)
    assert place(task.arguments["env"].span) == (12, 13, 12, 23)
    assert place(dag.groups[0].span) == (15, 10, 15, 24)
    assert place(inner.arguments["retries"].span) == (15, 61, 15, 64)
    assert task.span.file == "dag.py"
    source = task.arguments["bash_command"].source
    assert source is not None and source.code == 'f"{1}"'


LOOPS = """
NAMES = ["a", "b"]
CONSTANT: int = 3
twice = 1
twice = 2
with DAG("d") as d:
    for name in NAMES:
        local = name * 2
        for n in range(2):
            EmptyOperator(task_id=f"{local}{n}")
    made = [EmptyOperator(task_id=f"c_{name}_{n}") for name in NAMES for n in (7,)]

def build(market):
    prefix = market + "_"
    def inner():
        EmptyOperator(task_id=prefix, dag=d)
    inner()

build("be")
build("nl")
NAMES.append("c")
"""


def test_loops_of_tasks(tmp_path: Path) -> None:
    dag = read_dag(tmp_path, LOOPS)
    last = dag.task("bb1")
    assert [(step.index, step.count) for step in last.loops] == [(1, 2), (1, 2)]
    assert [dict(step.targets) for step in last.loops] == [{"name": "b"}, {"n": 1}]
    outer = [task.loops[0].entry for task in dag.tasks[:4]]
    inner = [task.loops[1].entry for task in dag.tasks[:4]]
    assert len(set(outer)) == 1
    assert inner[0] == inner[1] != inner[2] == inner[3]
    comprehension = dag.task("c_b_7")
    assert [(step.index, step.count) for step in comprehension.loops] == [(1, 2), (0, 1)]
    assert comprehension.loops[0].loop is dag.task("c_a_7").loops[0].loop


def test_scopes_of_tasks(tmp_path: Path) -> None:
    dag = read_dag(tmp_path, LOOPS)
    module = dag.task("aa0").scope
    assert (module.kind, module.module) == ("module", "dag.py")
    assert set(module.assignments) >= {"NAMES", "CONSTANT", "local", "made"}
    assert "twice" not in module.assignments
    assert "twice" in module.reassigned
    assert len(module.assignments["local"].loops) == 1
    assert id(module.values["NAMES"]) in module.mutated
    be, nl = dag.task("be_").scope, dag.task("nl_").scope
    assert be.kind == "function"
    assert be.call_id != nl.call_id
    assert be.parent is not None and be.parent.values["prefix"] == "be_"
    assert be.parent.parent is module


def test_class_bodies_are_no_scope_of_methods(tmp_path: Path) -> None:
    code = """
class A:
    n = 1
    def build(self):
        with DAG("d"):
            EmptyOperator(task_id=f"t{self.n}")
A().build()
"""
    scope = read_dag(tmp_path, code).task("t1").scope
    assert scope.parent is not None and scope.parent.kind == "module"


def test_names_bound_by_statements_of_several_names(tmp_path: Path) -> None:
    code = "a = b = 1\nc, e = 1, 2\nf = 1; g = 2\nwith DAG('d'):\n    EmptyOperator(task_id='t')\n"
    scope = read_dag(tmp_path, code).tasks[0].scope
    assert not {"a", "b", "c", "e", "f", "g"} & set(scope.assignments)
    assert scope.values["e"] == 2
