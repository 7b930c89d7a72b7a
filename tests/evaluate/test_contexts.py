"""`with` over everything that has a context, and subclasses of Airflow's structure classes."""

from __future__ import annotations

from pathlib import Path

from tests.evaluate.reading import codes, edges, read, read_dag


def test_a_context_manager_function(tmp_path: Path) -> None:
    code = """
from contextlib import contextmanager
@contextmanager
def my_dag(name):
    with DAG(name) as dag:
        first = EmptyOperator(task_id="first")
        yield first
        first >> [t for t in dag.tasks if t is not first]
        return
def build():
    with my_dag("d") as first, TaskGroup("g"):
        EmptyOperator(task_id="a")
        return first
build() >> EmptyOperator(task_id="after")
"""
    assert edges(read_dag(tmp_path, code)) == {"first": [], "g.a": ["first"], "after": ["first"]}


def test_a_context_manager_function_without_yield(tmp_path: Path) -> None:
    code = (
        "import contextlib\n@contextlib.contextmanager\ndef f():\n    return\nwith f():\n    pass\n"
    )
    found = read(tmp_path, code)
    assert found.error is not None and "generator didn't yield" in found.error


def test_objects_with_enter_and_exit(tmp_path: Path) -> None:
    code = """
class Section:
    def __init__(self, name):
        self.group = TaskGroup(name)
    def __enter__(self):
        self.group.__enter__()
        return self.group
    def __exit__(self, *error):
        self.group.__exit__(*error)
with DAG("d"):
    with Section("s") as group:
        EmptyOperator(task_id="a")
    EmptyOperator(task_id=f"b_{group.label}")
"""
    assert list(edges(read_dag(tmp_path, code))) == ["s.a", "b_s"]


def test_tasks_inside_an_unknown_context_are_reported(tmp_path: Path) -> None:
    code = """
from company import Workflow
class Plain: pass
with Workflow("w"):
    EmptyOperator(task_id="lost")
with Plain():
    EmptyOperator(task_id="lost_too")
with DAG("d"):
    with Workflow("inside"):
        EmptyOperator(task_id="kept")
"""
    assert codes(read(tmp_path, code)) == [("D2Z116", 4), ("D2Z116", 6)]


def test_a_task_with_an_unknown_dag(tmp_path: Path) -> None:
    code = """
from company import the_dag
with DAG("d"):
    EmptyOperator(task_id="a")
    EmptyOperator(task_id="b", dag=the_dag())
"""
    assert ("D2Z110", 5) in codes(read(tmp_path, code))


def test_subclasses_of_dag_and_group(tmp_path: Path) -> None:
    code = """
class TeamDag(DAG):
    kind = "k"
    def __init__(self, name, **kwargs):
        super().__init__(dag_id=f"team_{name}", tags=["team"], **kwargs)
        self.team = name
        self.first = EmptyOperator(task_id="first", dag=self)
    def add(self, name):
        made = EmptyOperator(task_id=f"{self.team}_{self.kind}_{name}", dag=self)
        self.first >> made
        return made
class Box(TaskGroup):
    def __init__(self, name):
        super().__init__(group_id=name)
        self.name = name
class Plain(TaskGroup): pass
with TeamDag("x", schedule=None) as dag:
    last = dag.add("a")
    with Box("box") as box, Plain("plain"):
        EmptyOperator(task_id=box.name)
    last >> box
"""
    dag = read_dag(tmp_path, code)
    assert dag.dag_id == "team_x" and dag.arguments["tags"].value == ["team"]
    assert edges(dag) == {
        "first": [],
        "x_k_a": ["first"],
        "box.plain.box": ["x_k_a"],
    }


def test_a_subclass_of_dag_that_does_not_reach_it(tmp_path: Path) -> None:
    code = "class Mine(DAG):\n    def __init__(self): pass\nMine()\n"
    found = read(tmp_path, code)
    assert found.error is not None and "never calls super().__init__" in found.error


def test_a_subclass_of_dag_with_an_unknown_id(tmp_path: Path) -> None:
    code = """
class Mine(DAG):
    def __init__(self, name):
        super().__init__(dag_id=name)
Mine(Variable.get("x"))
"""
    assert codes(read(tmp_path, code)) == [("D2Z110", 4)]


def test_setup_scopes(tmp_path: Path) -> None:
    code = """
with DAG("d"):
    ready = EmptyOperator(task_id="ready")
    s = EmptyOperator(task_id="s").as_setup()
    t = EmptyOperator(task_id="t").as_teardown(setups=s)
    with t as scope:
        scope.add_task(ready)
"""
    assert edges(read_dag(tmp_path, code)) == {"ready": ["s"], "s": [], "t": ["ready", "s"]}
    outside = read(tmp_path, code + "    scope.add_task(ready)\n")
    assert outside.error is not None and "outside the context manager" in outside.error
    mixed = read(tmp_path, code + "    with [s, t]:\n        pass\n")
    assert mixed.error is not None and "either setup or teardown" in mixed.error


def test_a_setup_whose_teardown_is_not_found(tmp_path: Path) -> None:
    code = """
with DAG("d"):
    s = EmptyOperator(task_id="s").as_setup()
    s >> EmptyOperator(task_id="a") >> EmptyOperator(task_id="b")
    with s:
        EmptyOperator(task_id="c")
"""
    assert codes(read(tmp_path, code)) == [("D2Z108", 3)]


def test_suppressed_exceptions(tmp_path: Path) -> None:
    code = """
from contextlib import suppress
with DAG("d"):
    with suppress(LookupError):
        EmptyOperator(task_id="a")
        {}["k"]
        EmptyOperator(task_id="b")
"""
    assert list(edges(read_dag(tmp_path, code))) == ["a"]
    other = read(tmp_path, code.replace("LookupError", "ValueError"))
    assert other.error is not None and "KeyError" in other.error


def test_folders_that_are_imported_from_and_walked(tmp_path: Path) -> None:
    code = """
import importlib, os, sys
from pathlib import Path
sys.path.append(os.path.join(os.path.dirname(__file__), "shared"))
sys.path.extend([str(Path(__file__).parent / "other")])
from thing import NAME
with DAG(NAME):
    for root, folders, names in os.walk(os.path.dirname(__file__) + "/conf"):
        for name in names:
            EmptyOperator(task_id=importlib.import_module("lib").make(name))
    for path in sorted(Path(__file__).parent.rglob("*.yml")):
        EmptyOperator(task_id="p" + path.stem)
    for root in os.walk("/etc"):
        EmptyOperator(task_id="never")
"""
    files = {
        "shared/thing.py": "NAME = 'n'\n",
        "other/lib.py": "def make(name): return name.partition('.')[0]\n",
        "conf/a.yml": "",
        "conf/deep/b.yml": "",
    }
    found = read(tmp_path, code, files)
    assert [task.task_id for task in found.dags[0].tasks] == ["a", "b", "pa", "pb", "never"]
    assert codes(found) == [("D2Z110", 13)]


def test_what_ends_or_moves_the_reading(tmp_path: Path) -> None:
    code = "import os, sys\nos.chdir('/tmp')\nwith DAG('d'):\n    EmptyOperator(task_id='t')\n"
    assert codes(read(tmp_path, code)) == [("D2Z116", 2)]
    ended = read(tmp_path, code + "try:\n    sys.exit(1)\nexcept Exception:\n    pass\n")
    assert ended.error is not None and "SystemExit" in ended.error
    unknown = read(tmp_path, "import importlib\nimportlib.import_module(Variable.get('x'))\n")
    assert codes(unknown) == [("D2Z111", 2)]
