"""Tasks: TaskFlow, mapping, setups, subclasses, callables and their arguments."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.evaluate.reading import codes, edges, read, read_dag
from transpiler.model.values import (
    Call,
    FunctionRef,
    GroupParameter,
    JoinedOutputs,
    MappedOutput,
    PartialRef,
    Symbolic,
    TaskOutput,
    TaskRef,
)

TASKFLOW = """
@task(retries=2)
def one(a, b=1, *, ds=None):
    return a

@task.branch(task_id="choose")
def two(rows, **context):
    return "one"

@dag(schedule=None, params={"p": 1})
def flow(market="BE"):
    \"\"\"Doc.\"\"\"
    first = one(market, b=[1])
    second = one.partial(b=3).expand(a=[1, 2])
    two({"x": first["key"]}) >> one.override(task_id="last")(second)

flow()
"""


def test_taskflow(tmp_path: Path) -> None:
    dag = read_dag(tmp_path, TASKFLOW)
    assert (dag.dag_id, dag.doc) == ("flow", "Doc.")
    assert dag.arguments["params"].value == {"market": "BE", "p": 1}
    assert edges(dag) == {
        "one": [],
        "one__1": [],
        "choose": ["one"],
        "last": ["choose", "one__1"],
    }
    first = dag.task("one")
    assert (first.operator, first.arguments["retries"].value) == ("airflow.decorators.task", 2)
    assert isinstance(first.function, FunctionRef) and first.function.name == "one"
    market, b = first.call_arguments
    assert (market.name, b.name, b.value) == ("a", "b", [1])
    assert isinstance(market.value, Call) and market.value.func.endswith("DagParam")
    assert dag.task("choose").operator == "airflow.decorators.task.branch"
    assert dag.task("choose").call_arguments[0].value == {"x": TaskOutput("one", "key")}
    assert dag.task("last").call_arguments[0].value == TaskOutput("one__1")
    assert first.variable == "first"


def test_mapped_tasks(tmp_path: Path) -> None:
    code = """
@task
def f(a, b):
    return a

class Own(EmptyOperator):
    pass

with DAG("d"):
    f.expand_kwargs([{"a": 1, "b": 2}])
    BashOperator.partial(task_id="bash", retries=1).expand(bash_command=["x"])
    Own.partial(task_id="own").expand(doc=["a"])
    BashOperator.partial(task_id="kw").expand_kwargs([{"bash_command": "x"}])
"""
    dag = read_dag(tmp_path, code)
    kinds = {t.task_id: t.mapped.kind for t in dag.tasks if t.mapped}
    assert kinds == {"f": "expand_kwargs", "bash": "expand", "own": "expand", "kw": "expand_kwargs"}
    mapped = dag.task("bash").mapped
    assert mapped is not None and mapped.arguments["bash_command"].value == ["x"]
    assert dag.task("own").operator == "airflow.operators.empty.EmptyOperator"
    assert dag.task("own").operator_class == "dag.Own"


def test_a_mapped_group_keeps_what_it_runs_over(tmp_path: Path) -> None:
    code = "@task\ndef f(x, y, z=1): pass\n@task_group\ndef g(x, y):\n    f(x, y) >> f(y, x)\n"
    over = "    g.partial(y=5).expand(x=[1, 2])\n    g.override(group_id='h').expand_kwargs([{'x': 1}])\n"
    dag = read_dag(tmp_path, f"{code}with DAG('d'):\n{over}")
    first, second = dag.groups
    assert first.mapped is not None and second.mapped is not None
    assert first.mapped.arguments["x"].value == [1, 2]
    assert second.mapped.kind == "expand_kwargs"
    assert second.mapped.arguments["kwargs"].value == [{"x": 1}]
    values = {t.task_id: [a.value for a in t.call_arguments] for t in dag.tasks}
    assert values["g.f"] == [GroupParameter("g", "x"), 5]
    assert values["h.f__1"] == [GroupParameter("h", "y"), GroupParameter("h", "x")]
    assert dag.mapped_group(dag.task("g.f")) is first


def test_a_mapped_task_inside_a_mapped_group_is_refused_as_in_airflow(tmp_path: Path) -> None:
    code = "@task\ndef f(x): pass\n@task_group\ndef g(x):\n    f.expand(x=[1])\n"
    found = read(tmp_path, code + "with DAG('d'):\n    g.expand(x=[1, 2])\n")
    assert [code for code, _ in codes(found)] == ["D2Z109"]


def test_a_key_of_a_result_cannot_be_mapped_over(tmp_path: Path) -> None:
    code = "@task\ndef f(x): pass\nwith DAG('d'):\n    f.expand(x=f(1)['k'])\n"
    found = read(tmp_path, code)
    assert found.error is not None
    assert "cannot map over XCom with custom key 'k' from f" in found.error


def test_what_outputs_are_joined_to(tmp_path: Path) -> None:
    code = """
def double(x):
    return 2 * x

@task
def f(): return [1]

@task
def g(x): return x

with DAG("d"):
    one, two = f(), f()
    g.expand(x=one.map(double).map(str))
    g.expand(x=one.zip(two, fillvalue=0))
    g.expand(x=one.concat(two.map(double)))
"""
    dag = read_dag(tmp_path, code)
    values = [t.mapped.arguments["x"].value for t in dag.tasks if t.mapped]
    first, second = TaskOutput("f"), TaskOutput("f__1")
    mapped, zipped, joined = values
    assert isinstance(mapped, MappedOutput) and isinstance(mapped.source, MappedOutput)
    assert mapped.source.source == first and mapped.source.function.name == "double"
    assert zipped == JoinedOutputs("zip", (first, second), 0, True)
    assert joined.kind == "concat" and joined.sources[0] == first
    assert [set(t.upstream) for t in dag.tasks[2:]] == [{"f"}, {"f", "f__1"}, {"f", "f__1"}]


def test_an_output_in_a_text_is_a_template(tmp_path: Path) -> None:
    code = """
with DAG("d") as dag:
    one = BashOperator(task_id="one", bash_command="echo 1")
    BashOperator(task_id="two", bash_command=f"echo {one.output} {str(one.output['k'])}")
"""
    dag = read_dag(tmp_path, code)
    pull = "{{ task_instance.xcom_pull(task_ids='one', dag_id='d', key='%s') }}"
    assert dag.task("two").arguments["bash_command"].value == (
        f"echo {pull % 'return_value'} {pull % 'k'}"
    )
    assert dag.task("two").upstream == ()


def test_partial_without_task_id(tmp_path: Path) -> None:
    found = read(tmp_path, "with DAG('d'):\n    BashOperator.partial().expand(env=[1])\n")
    assert codes(found) == [("D2Z109", 2)]


def test_output_of_an_operator(tmp_path: Path) -> None:
    code = "with DAG('d'):\n    a = BashOperator(task_id='a', bash_command='x')\n"
    code += "    BashOperator(task_id='b', bash_command='y', env={'r': a.output, 't': [a]})\n"
    code += "    PythonOperator(task_id='c', python_callable=print, op_args=[a.output['k']])\n"
    dag = read_dag(tmp_path, code)
    assert edges(dag) == {"a": [], "b": ["a"], "c": ["a"]}
    assert dag.task("b").arguments["env"].value == {"r": TaskOutput("a"), "t": [TaskRef("a")]}


def test_setup_and_teardown(tmp_path: Path) -> None:
    code = """
@setup
def up(): pass

@teardown(on_failure_fail_dagrun=True)
def down(): pass

with DAG("d"):
    outer = EmptyOperator(task_id="outer").as_setup()
    close = EmptyOperator(task_id="close").as_teardown(setups=outer)
    with close:
        s = up()
        t = down()
        s >> t
        with s:
            a = EmptyOperator(task_id="a")
            a >> EmptyOperator(task_id="b")
        with TaskGroup("empty"):
            pass
"""
    dag = read_dag(tmp_path, code)
    assert [t.task_id for t in dag.tasks if t.is_setup] == ["outer", "up"]
    assert [t.task_id for t in dag.tasks if t.is_teardown] == ["close", "down"]
    assert edges(dag)["a"] == ["up"]
    assert edges(dag)["down"] == ["close", "up"]
    assert edges(dag)["close"] == ["b", "outer"]
    assert dag.task("down").arguments["trigger_rule"].value == "all_done_setup_success"


SUBCLASS = """
class Load(BashOperator):
    def __init__(self, table, owner="me", **kwargs):
        self.table = table
        super().__init__(bash_command=f"load {table} {owner}", **kwargs)

class Late(Load):
    def execute(self, context):
        pass

class Plain(BashOperator):
    ui_color = "red"

class Broken(BashOperator):
    def __init__(self, **kwargs):
        self.n = 1
"""


def test_operator_subclasses(tmp_path: Path) -> None:
    code = SUBCLASS + "with DAG('d', default_args={'owner': 'team', 'retries': 1}):\n"
    code += "    l = Load(table='orders', task_id='load')\n    Late(table='x', task_id='late')\n"
    code += "    Plain(task_id=l.table, bash_command=Plain.ui_color)\n"
    dag = read_dag(tmp_path, code)
    load, late, plain = dag.tasks
    assert (load.operator, load.operator_class) == (
        "airflow.operators.bash.BashOperator",
        "dag.Load",
    )
    assert load.arguments["bash_command"].value == "load orders team"
    assert load.arguments["retries"].value == 1
    assert late.operator == "dag.Late"
    assert (plain.task_id, plain.arguments["bash_command"].value) == ("orders", "red")


@pytest.mark.parametrize(
    "call", ["Broken(task_id='a')", "Plain('a', task_id='a')", "Load('a', task_id='a')"]
)
def test_subclass_that_airflow_refuses(call: str, tmp_path: Path) -> None:
    found = read(tmp_path, f"{SUBCLASS}with DAG('d'):\n    {call}\n")
    assert [code for code, _ in codes(found)] == ["D2Z109"]


def test_task_attributes(tmp_path: Path) -> None:
    code = "with DAG('d') as d:\n    t = BashOperator(task_id='t', bash_command='x')\n"
    code += "    t.doc_md = t.task_id + t.label + t.bash_command + t.dag_id\n    t.trigger_rule = 'all_done'\n"
    arguments = read_dag(tmp_path, code).task("t").arguments
    assert arguments["doc_md"].value == "ttxd"
    assert arguments["trigger_rule"].value == "all_done"


def test_callables(tmp_path: Path) -> None:
    code = """
from functools import partial
from tools import helper

def make(n):
    def inner():
        return n
    return inner

class Job:
    def run(self): pass

with DAG("d"):
    for i, f in enumerate([make(5), partial(make, 1), lambda: 1, helper, Job().run, print, Job]):
        PythonOperator(task_id=f"t{i}", python_callable=f)
"""
    dag = read_dag(tmp_path, code, {"tools.py": "def helper(): pass\n"})
    values = [task.arguments["python_callable"].value for task in dag.tasks]
    assert [type(value).__name__ for value in values] == [
        "FunctionRef",
        "PartialRef",
        "FunctionRef",
        "FunctionRef",
        "FunctionRef",
        "Ref",
        "Ref",
    ]
    assert values[0].closure == {"n": 5}
    assert isinstance(values[1], PartialRef) and values[1].args == (1,)
    assert (values[3].module, values[3].span.file) == ("tools.py", "tools.py")
    assert values[6].qualified_name == "dag.Job"


def test_objects_in_arguments_become_marks(tmp_path: Path) -> None:
    code = """
import enum
class Level(enum.IntEnum):
    HIGH = 3
class Thing: pass
with DAG("d") as d:
    with TaskGroup("g") as g:
        EmptyOperator(task_id="t", params={"e": Level.HIGH, "o": Thing(), "d": d, "g": g, "r": range(2)})
"""
    params = read_dag(tmp_path, code).tasks[0].arguments["params"].value
    assert (params["e"], params["r"]) == (3, [0, 1])
    assert [type(params[key]) for key in "odg"] == [Symbolic] * 3


def test_retry_delay_of_a_loop(tmp_path: Path) -> None:
    code = "with DAG('d'):\n    for n in range(2):\n"
    code += "        EmptyOperator(task_id=f't{n}', retry_delay=timedelta(minutes=n))\n"
    dag = read_dag(tmp_path, code)
    delays = [task.arguments["retry_delay"].value for task in dag.tasks]
    assert delays == [timedelta(0), timedelta(minutes=1)]


def test_outputs_in_arguments_that_no_operator_templates_make_no_edge(tmp_path: Path) -> None:
    dag = read_dag(
        tmp_path,
        "with DAG('d'):\n"
        + "    a = BashOperator(task_id='a', bash_command='echo 1')\n"
        + "    BashOperator(task_id='b', bash_command='x', executor_config={'k': a.output})\n"
        + "    BashOperator(task_id='c', bash_command=a.output, params={'p': 1})\n",
    )

    assert {task.task_id: task.upstream for task in dag.tasks} == {"a": (), "b": (), "c": ("a",)}
