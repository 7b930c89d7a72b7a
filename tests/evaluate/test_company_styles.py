"""Ways of writing DAGs that companies' repositories have, as small files."""

from __future__ import annotations

from pathlib import Path

from tests.evaluate.reading import HEAD, codes, edges, read, read_dag, value_of
from transpiler.evaluate import read_dag_file
from transpiler.model.values import Symbolic

CHOSEN_CLASS = """
import os
class Log(BashOperator): pass
class Slack(BashOperator): pass
Message = Log if os.environ["ENV"] == "dev" else Slack
with DAG("d"):
    start = Message(task_id="start", channel="c")
    start >> EmptyOperator(task_id="end")
"""


def test_operator_class_that_the_environment_chooses(tmp_path: Path) -> None:
    found = read(tmp_path, CHOSEN_CLASS)
    (dag,) = found.dags
    assert edges(dag) == {"start": [], "end": ["start"]}
    assert dag.tasks[0].operator == "Message"
    assert list(dag.tasks[0].arguments) == ["task_id", "channel"]
    assert codes(found) == [("D2Z110", 7)]


def test_unknown_function_with_a_task_id_and_positional_arguments(tmp_path: Path) -> None:
    code = "import os\nf = os.environ['A']\nwith DAG('d'):\n    f(1, task_id='x')\n"
    code += "    f['a'](task_id='y')\n    EmptyOperator(task_id='t')\n"
    assert list(edges(read_dag(tmp_path, code))) == ["t"]


def test_default_args_joined_from_parts_that_are_not_all_known(tmp_path: Path) -> None:
    code = "import os\nbase = {'retries': 2, 'owner': os.environ['O']}\n"
    code += "with DAG('d', default_args=base | {'retries': 3} | {'email': os.environ['M']}):\n"
    dag = read_dag(tmp_path, code + "    EmptyOperator(task_id='t')\n")
    assert dag.tasks[0].arguments["retries"].value == 3
    assert set(dag.default_args) == {"retries", "owner", "email"}


def test_defaultdict(tmp_path: Path) -> None:
    code = "from collections import defaultdict\ny = defaultdict(list)\n"
    code += "for a in ('k', 'l', 'k'):\n    y[a].append(a)\nz = defaultdict(lambda: 5, b=1)\n"
    code += "z['c'] += 1\nx = [y, z, z['b'], y.get('none'), sorted(y), {**z}]\n"
    assert value_of(tmp_path, code) == [
        {"k": ["k", "k"], "l": ["l"]},
        {"b": 1, "c": 6},
        1,
        None,
        ["k", "l"],
        {"b": 1, "c": 6},
    ]


def test_defaultdict_without_a_factory(tmp_path: Path) -> None:
    code = "from collections import defaultdict\ny = defaultdict(None, a=1)\ny['b']\n"
    assert codes(read(tmp_path, code)) == [("D2Z109", 3)]


def test_defaultdict_with_keys_that_have_no_hash(tmp_path: Path) -> None:
    code = "from collections import defaultdict\ny = defaultdict(list)\ny[[]]\n"
    assert codes(read(tmp_path, code)) == [("D2Z109", 3)]


COPIES = """
import copy, os
class Config:
    def __init__(self, name, parts):
        self.name = name
        self.parts = parts
first = Config("a", ["x"])
near, far = copy.copy(first), copy.deepcopy(first)
near.name, far.name = "b", "c"
first.parts.append("y")
args = {"owner": os.environ["O"], "nested": {"retries": 1}, "pair": (first, {1})}
other = copy.deepcopy(args)
other["nested"]["retries"] = 2
shared = [first]
twice = copy.deepcopy([shared, shared, first])
x = [first.name, near.name, far.name, near.parts, far.parts, args["nested"], other["nested"],
     other["pair"][0].parts, other["pair"][1], twice[0] is twice[1], twice[0][0] is twice[2]]
"""


def test_copies_do_not_share_what_they_copy(tmp_path: Path) -> None:
    assert value_of(tmp_path, COPIES) == [
        "a",
        "b",
        "c",
        ["x", "y"],
        ["x"],
        {"retries": 1},
        {"retries": 2},
        ["x", "y"],
        {1},
        True,
        True,
    ]


def test_a_copied_task_is_not_known_to_be_one(tmp_path: Path) -> None:
    code = "import copy\nwith DAG('d') as d:\n    t = EmptyOperator(task_id='t')\n"
    code += "    copy.copy(t) >> t\n    copy.deepcopy([t])[0] >> t\n"
    assert codes(read(tmp_path, code)) == [("D2Z110", 4), ("D2Z110", 5)]


def test_files_beside_the_dags_folder(tmp_path: Path) -> None:
    code = HEAD + "import json, os\nwith DAG('d') as d:\n"
    for number, path in enumerate(
        ("include/a.json", "/usr/local/airflow/include/a.json", "/opt/airflow/dags/b.json")
    ):
        code += f"    EmptyOperator(task_id=json.load(open('{path}'))['id'] + '{number}')\n"
    code += "    EmptyOperator(task_id=str(os.path.exists('include')))\n"
    for name, text in {
        "dags/d.py": code,
        "dags/b.json": '{"id": "b"}',
        "include/a.json": '{"id": "a"}',
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (dag,) = read_dag_file(tmp_path / "dags" / "d.py", tmp_path).dags
    assert list(edges(dag)) == ["a0", "a1", "b2", "True"]


def test_a_root_that_is_the_dags_folder_itself(tmp_path: Path) -> None:
    code = HEAD + "import json\nwith DAG('d') as d:\n"
    for number, path in enumerate(("dags/sql/a.json", "/opt/airflow/dags/sql/a.json")):
        code += f"    EmptyOperator(task_id=json.load(open('{path}'))['id'] + '{number}')\n"
    for name, text in {"d.py": code, "sql/a.json": '{"id": "a"}'}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (dag,) = read_dag_file(tmp_path / "d.py", tmp_path).dags
    assert list(edges(dag)) == ["a0", "a1"]


def test_the_nearest_file_of_a_name_is_read(tmp_path: Path) -> None:
    files = {"a.txt": "near", "../a.txt": "far"}
    (tmp_path / "dags").mkdir()
    assert value_of(tmp_path / "dags", "x = open('a.txt').read()", files) == "near"


def test_attributes_that_a_class_looks_up_itself(tmp_path: Path) -> None:
    code = "class Names:\n    def __init__(self):\n        self.a = 1\n"
    code += "    def __getattr__(self, name):\n        return name.upper()\n"
    code += "n = Names()\nx = [n.a, n.team, hasattr(n, 'b')]\n"
    assert value_of(tmp_path, code) == [1, "TEAM", True]


def test_names_that_every_module_has(tmp_path: Path) -> None:
    files = {"m.py": '"""About."""\n'}
    code = "import m\nfrom m import __doc__ as text, __file__ as place\n"
    code += "x = [m.__name__, m.__doc__, text, place.rpartition('/')[2]]\n"
    assert value_of(tmp_path, code, files) == ["m", "About.", "About.", "m.py"]


ENUMS = """
from enum import Enum
class Tag(Enum):
    def __getattr__(self, name):
        return getattr(self.value, name).value
    class Tier(Enum):
        one = "tier/1"
x = [Tag.Tier.one, Tag.Tier.name]
"""


def test_enum_of_enums(tmp_path: Path) -> None:
    assert value_of(tmp_path, ENUMS) == ["tier/1", "Tier"]


def test_operators_as_functions(tmp_path: Path) -> None:
    code = "import operator, os\nfrom functools import reduce\na = [1]\n"
    code += "b = operator.iadd(a, [os.environ['X'], 2])\n"
    code += "x = [reduce(operator.iadd, [[1], [2]], []), a is b, len(a), operator.add(1, 2),\n"
    code += "     operator.or_({1}, {2}), operator.or_({'a': 1}, {'b': 2})]\n"
    assert value_of(tmp_path, code) == [[1, 2], True, 3, 3, {1, 2}, {"a": 1, "b": 2}]


def test_operators_as_functions_on_what_is_not_known(tmp_path: Path) -> None:
    code = "import operator, os\nx = operator.add(os.environ['X'], 1)\n"
    assert isinstance(value_of(tmp_path, code), Symbolic)
