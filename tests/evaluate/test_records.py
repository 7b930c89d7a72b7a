"""Records, patterns, digests and the other parts of the standard library that DAG files compute with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.evaluate.reading import read, read_dag, value_of
from transpiler.model.values import Call, Symbolic

HEAD = """
import base64, hashlib, itertools, math, operator, re, string
from collections import namedtuple
from dataclasses import asdict, dataclass, fields, replace
from enum import Enum
from typing import NamedTuple
Row = namedtuple("Row", "name, size", defaults=[3])
class Typed(NamedTuple):
    name: str
    n: int = 2
@dataclass
class Conf:
    name: str
    rows: tuple = ()
class Kind(Enum):
    A = "a"
    B = "b"
class Text(str, Enum):
    A = "a"
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("Row('a').size", 3),
        ("[n for n, _ in [Row('a'), Row('b', 1)]]", ["a", "b"]),
        ("Typed('a')[1]", 2),
        ("Row('a')._replace(size=1)._asdict()", {"name": "a", "size": 1}),
        ("Row('a')._fields", ("name", "size")),
        ("Row('a') == ('a', 3)", True),
        ("asdict(Conf('c', [Conf('d')]))", {"name": "c", "rows": [{"name": "d", "rows": ()}]}),
        ("replace(Conf('c'), name='d').name", "d"),
        ("[f.name for f in fields(Conf)]", ["name", "rows"]),
        ("Conf('a') == Conf('a')", True),
        ("Conf('a') != Conf('b')", True),
        ("Kind.A == Kind.A and Kind.A is Kind.A and Kind.A != Kind.B", True),
        ("Kind.A == 'a'", False),
        ("Text.A == 'a'", True),
        ("Kind.A in (Kind.B, Kind.A)", True),
        ("Kind.A not in [Kind.B]", True),
        ("{Kind.A: 1, Kind.B: 2}[Kind.B]", 2),
        ("re.sub(r'\\W+', '_', 'a b')", "a_b"),
        ("re.match(r'(\\w)(?P<n>\\d)', 'a1').group('n')", "1"),
        ("re.match('x', 'y')", None),
        ("re.findall('[ab]', 'abc')", ["a", "b"]),
        ("re.escape('.')", "\\."),
        ("hashlib.md5(b'abc').hexdigest()[:4]", "9001"),
        ("base64.b64encode(b'ab').decode()", "YWI="),
        ("string.capwords('a b')", "A B"),
        ("math.pi > 3", True),
        ("list(itertools.combinations('abc', 2))[0]", ("a", "b")),
        ("list(itertools.zip_longest('ab', 'c'))", [("a", "c"), ("b", None)]),
        ("list(itertools.repeat('x', 2))", ["x", "x"]),
        ("list(itertools.pairwise([1, 2, 3]))", [(1, 2), (2, 3)]),
        ("{k: g for k, g in itertools.groupby('aab')}", {"a": ["a", "a"], "b": ["b"]}),
        ("sorted([{'a': 2}, {'a': 1}], key=operator.itemgetter('a'))", [{"a": 1}, {"a": 2}]),
        ("operator.attrgetter('name', 'size')(Row('r'))", ("r", 3)),
        ("max(['a', 'ccc'], key=len)", "ccc"),
        ("min([], default=4)", 4),
        ("max(1, 2)", 2),
    ],
)
def test_known(tmp_path: Path, expression: str, expected: Any) -> None:
    assert value_of(tmp_path, f"{HEAD}x = {expression}\n") == expected


@pytest.mark.parametrize(
    "expression",
    [
        "namedtuple('R', Variable.get('f'))('a')",
        "asdict(Variable.get('x'))",
        "replace(Variable.get('x'))",
        "fields(Variable.get('x'))",
        "list(itertools.groupby('ab', key=lambda c: Variable.get(c)))",
        "list(itertools.groupby(Variable.get('x')))",
        "list(itertools.repeat('x'))",
        "list(itertools.zip_longest('ab', Variable.get('x')))",
        "list(itertools.combinations(range(100), 50))",
        "hashlib.md5(b'a').copy()",
        "re.match('a', 'a').expand('x')",
        "sorted(['a', 'b'], key=Variable.get)",
        "max(Variable.get('x'))",
        "max(['a', 'b'], key=Variable.get)",
        "{Kind.A: 1}[Kind.B]",
        "pow(2, 3)",
    ],
)
def test_not_known(tmp_path: Path, expression: str) -> None:
    value = value_of(tmp_path, f"{HEAD}x = {expression}\n")
    assert isinstance(value, (Symbolic, Call))


@pytest.mark.parametrize("pattern", ["(a+)+$", "a*a*a*a*a*b", "a" * 300])
def test_patterns_that_could_take_long_are_not_tried(tmp_path: Path, pattern: str) -> None:
    value = value_of(tmp_path, f"{HEAD}x = re.match({pattern!r}, 'a' * 1000)\n")
    assert isinstance(value, Call) and value.func == "re.match"


def test_a_list_sorted_by_what_is_not_known(tmp_path: Path) -> None:
    value = value_of(tmp_path, "x = ['b', 'a']\nx.sort(key=Variable.get)\n")
    assert len(value) == 3
    assert value_of(tmp_path, "x = ['bb', 'a']\nx.sort(key=len, reverse=True)\n") == ["bb", "a"]


def test_exceptions_by_their_class_order(tmp_path: Path) -> None:
    code = """
class Ours(KeyError): pass
x = []
for error in (Ours("a"), ConnectionError("b"), FileNotFoundError("c")):
    try:
        raise error
    except LookupError:
        x.append("lookup")
    except IOError:
        x.append("os")
"""
    assert value_of(tmp_path, code) == ["lookup", "os", "os"]
    bare = read(tmp_path, "raise\n")
    assert bare.error is not None and "No active exception" in bare.error


def test_the_order_of_python_classes(tmp_path: Path) -> None:
    code = """
class A:
    v = "a"
class B(A): pass
class C(A):
    v = "c"
class D(B, C): pass
x = D.v
"""
    assert value_of(tmp_path, code) == "c"


def test_entries_of_an_unpacked_dictionary_keep_their_places(tmp_path: Path) -> None:
    code = """
from common import BASE
MORE = {**BASE, "retries": 2}
CHANGED = {"queue": "q"}
CHANGED["queue"] = "r"
with DAG("d"):
    EmptyOperator(task_id="a", **MORE, **CHANGED)
"""
    files = {"common.py": "import os\nBASE = {'pool': os.environ['POOL'], 'retries': 1}\n"}
    arguments = read_dag(tmp_path, code, files).task("a").arguments
    pool, retries = arguments["pool"].source, arguments["retries"].source
    assert pool is not None and (pool.code, pool.scope.module) == (
        "os.environ['POOL']",
        "common.py",
    )
    assert retries is not None and retries.code == "2"
    assert arguments["queue"].source is None and arguments["queue"].value == "r"


def test_parameters_of_a_dag_function_win_over_declared_ones(tmp_path: Path) -> None:
    code = """
from airflow.models.param import Param
@dag(params={"n": Param(3, type="integer"), "m": 1})
def d(n=4, name="x"):
    EmptyOperator(task_id="t")
made = d()
with made:
    made.param("more", 5)
"""
    params = read_dag(tmp_path, code).arguments["params"].value
    assert list(params) == ["n", "m", "name", "more"]
    assert params["n"].args == (4,) and params["n"].kwargs == {"type": "integer"}
    missing = read(tmp_path, "@dag()\ndef d(n): pass\nd()\n")
    assert missing.error is not None and "missing required argument" in missing.error


def test_tags_from_enumerations(tmp_path: Path) -> None:
    code = """
from enum import Enum
class Tag:
    class Tier(Enum):
        one = "tier/1"
    class Repo(str, Enum):
        x = "repo/x"
with DAG("d", tags={Tag.Tier.one, Tag.Repo.x}):
    EmptyOperator(task_id="t")
"""
    assert sorted(read_dag(tmp_path, code).arguments["tags"].value) == ["repo/x", "tier/1"]
