"""Values that only a run could tell, and structure that depends on them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.reading import codes, edges, read, value_of
from transpiler.model.values import Call, Ref, Symbolic

UNKNOWN = """
Variable.get("x")
os.environ["X"]
os.environ.get("X", "y")
os.getenv("X")
datetime.now()
date.today()
open("/etc/passwd").read()
requests.get("u").json()["a"]
[*os.environ["X"]]
{**os.environ["X"]}
os.environ["X"] + "a"
"a" + os.environ["X"]
f"{os.environ['X']}"
f"{1:{os.environ['X']}}"
"a" "b" f"{os.environ['X']}"
os.environ["X"] or 1
os.environ["X"] and 1
not os.environ["X"]
-os.environ["X"]
os.environ["X"] == "a"
os.environ["X"] is None
"a" in os.environ["X"]
1 if os.environ["X"] else 2
[a for a in os.environ["X"]]
[a for a in [1] if os.environ["X"]]
[a for b in [1] for a in os.environ["X"]]
{a: 1 for a in os.environ["X"]}
sorted({a for a in os.environ["X"]})
list(os.environ["X"])
dict(os.environ["X"])
zip(os.environ["X"], [1])
enumerate(os.environ["X"])
reversed(os.environ["X"])
sorted(os.environ["X"])
sorted([os.environ["X"]])
map(str, os.environ["X"])
filter(None, os.environ["X"])
filter(None, [os.environ["X"]])
any([os.environ["X"]])
len(os.environ["X"])
isinstance(os.environ["X"], str)
str(os.environ["X"])
range(os.environ["X"])
sum(os.environ["X"])
format(os.environ["X"])
bytes(os.environ["X"])
bytes(5)
"a".encode("punycode")
max([os.environ["X"]])
next(os.environ["X"])
getattr("a", os.environ["X"])
type(os.environ["X"])
"{}".format(os.environ["X"])
"{0.__class__}".format(1)
"a".join([os.environ["X"]])
[1][os.environ["X"]]
os.environ["X"][0]
(lambda: 1).__code__
print("x")
id(1)
hash("a")
reduce(lambda a, b: a, os.environ["X"])
itertools.chain(os.environ["X"])
itertools.chain.from_iterable(os.environ["X"])
itertools.product(os.environ["X"])
dict.fromkeys(os.environ["X"])
collections.namedtuple("A", "b")
Path(os.environ["X"])
Path("/etc/passwd").read_text()
Path("/etc").exists()
os.path.exists(os.environ["X"])
os.path.exists("/etc")
os.listdir("/etc")
os.listdir(os.environ["X"])
glob.glob("/etc/*")
glob.glob(os.environ["X"])
glob.glob("*/a")
open("a", "w")
open(os.environ["X"])
json.loads(os.environ["X"])
yaml.safe_load(os.environ["X"])
os.path.expandvars("$HOME/a")
os.path.expanduser("~/a")
pendulum.parse("P1D")
pendulum.parse("now")
timedelta(days=os.environ["X"])
pendulum.datetime(os.environ["X"], 1, 1)
pendulum.duration(days=os.environ["X"])
pendulum.parse(os.environ["X"])
pendulum.timezone(os.environ["X"])
pendulum.instance(os.environ["X"])
relativedelta(days=os.environ["X"])
dateutil.parser.parse("2023-01-01")
str(object())
(yield_ for yield_ in os.environ["X"])
Own().missing
Own.missing
[1].__class__
datetime(2023, 1, 1).dst()
EmptyOperator(task_id=os.environ["X"]) if False else unknown_call(1)
f(*os.environ["X"])
""".strip().splitlines()

HEADER = """
import collections, glob, itertools, json, os
from functools import reduce
from pathlib import Path
import dateutil.parser, pendulum, requests, yaml
from dateutil.relativedelta import relativedelta
from somewhere import Outside, unknown_call
class Own(Outside): pass
def f(*a): return 1
"""


@pytest.mark.parametrize("expression", UNKNOWN)
def test_not_known(expression: str, tmp_path: Path) -> None:
    value = value_of(tmp_path, f"{HEADER}x = {expression}")
    assert isinstance(value, (Symbolic, Call, Ref))


def test_symbolic_value_has_code_and_place(tmp_path: Path) -> None:
    value = value_of(tmp_path, "import os\nx = 'a' + (os.environ['B'])\n")
    assert isinstance(value, Symbolic)
    assert value.code == "'a' + (os.environ['B'])"
    assert value.span is not None and (value.span.line, value.span.column) == (11, 5)


def test_call_of_an_outside_function(tmp_path: Path) -> None:
    value = value_of(tmp_path, "x = Variable.get('a', default_var=3)")
    assert isinstance(value, Call)
    assert (value.func, value.args) == ("airflow.models.Variable.get", ("a",))
    assert dict(value.kwargs) == {"default_var": 3}


TASK = "EmptyOperator(task_id='t')"
STRUCTURE = {
    f"for i in U: {TASK}": [("D2Z110", 4)],
    f"if U: {TASK}": [("D2Z110", 4)],
    f"if U:\n        {TASK}\n    elif V: pass\n    else: pass": [("D2Z110", 4)],
    f"if U: pass\n    elif V: {TASK}": [("D2Z110", 5), ("D2Z110", 4)],
    f"while U: {TASK}": [("D2Z110", 4)],
    "EmptyOperator(task_id=U)": [("D2Z110", 4)],
    f"{TASK} >> U": [("D2Z110", 4)],
    f"[{TASK}, U] >> U": [("D2Z110", 4)],
    "TaskGroup(U)": [("D2Z110", 4)],
    "EmptyOperator(task_id='t', **U)": [("D2Z216", 4)],
    "call(dag=d)": [("D2Z116", 4)],
    f"call({TASK})": [("D2Z116", 4)],
    "DbtTaskGroup(group_id='g')": [("D2Z110", 4)],
    "match U:\n        case 1: pass": [("D2Z116", 5)],
    "match 1:\n        case A(): pass": [("D2Z116", 5)],
    "match 1:\n        case 1 if U: pass": [("D2Z116", 5)],
    "with open('x', 'w') as f: pass": [],
    "for i in U: pass": [],
    "if U: a = 1": [],
    "assert U": [],
    "type A = int": [("D2Z116", 4)],
    "DAG(U)": [("D2Z110", 4)],
    "DAG('e', default_args=U)": [("D2Z216", 4)],
}


@pytest.mark.parametrize("code", STRUCTURE)
def test_structure_that_depends_on_it(code: str, tmp_path: Path) -> None:
    head = "from somewhere import U, V, call, DbtTaskGroup\n\nwith DAG('d') as d:\n"
    found = read(tmp_path, f"{head}    {code}\n")
    assert [item for item in codes(found) if item[0] != "D2Z117"] == STRUCTURE[code]


MERGED = {
    "if U: x = 1\nelse: x = 2": Symbolic,
    "if U: x = 1\nelse: x = 1": int,
    "x = 1\nif U: x = 2": Symbolic,
    "x = 1\nif U: pass": int,
    "x = 1\nif U: raise ValueError": int,
    "x = 1\nfor i in U: x = 2": Symbolic,
    "x = 1\nfor i in U: y = 2": int,
    "x = 1\nfor i in U:\n    x = 2\n    break": Symbolic,
    "x, y = U": Symbolic,
    "x = [1]\nx += U": Symbolic,
    "x = 1\nwhile U: x = 2": int,
    "def f():\n    yield U\nx = f()": list,
    "async def f(): pass\nx = f()": Symbolic,
    "try:\n    x = 1 / 0\nexcept ZeroDivisionError as x: pass": Symbolic,
    "@U\ndef x(): pass\nx = 1": int,
    "@U(1)\nclass A: pass\nx = 1": int,
}


@pytest.mark.parametrize("code", MERGED)
def test_names_after_unknown_code(code: str, tmp_path: Path) -> None:
    assert isinstance(value_of(tmp_path, f"from somewhere import U\n{code}\n"), MERGED[code])


def test_loop_over_unknown_makes_its_tasks_once(tmp_path: Path) -> None:
    code = "import os\nwith DAG('d'):\n    for i in os.environ['X']:\n        EmptyOperator(task_id='t')\n"
    (dag,) = read(tmp_path, code).dags
    assert edges(dag) == {"t": []}
