"""Hostile files: a coded finding at the right line, within seconds."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.reading import codes, read
from transpiler.evaluate.errors import LimitReached
from transpiler.evaluate.limits import Budget, Limits

LIMITS = {
    "while": ("x = 1\nwhile True: pass", 2),
    "recursion": ("def f():\n    return f()\nx = 1\nf()", 2),
    "mutual recursion": ("def f():\n    return g()\ndef g():\n    return f()\nf()", 4),
    "recursive lambda": ("f = lambda: f()\nf()", 1),
    "recursive init": ("class A:\n    def __init__(self):\n        A()\nA()", 3),
    "recursive property": (
        "class A:\n    @property\n    def x(self):\n        return self.x\nA().x",
        4,
    ),
    "generator": ("def f():\n    while True:\n        yield 1\nfor i in f(): pass", 2),
    "range loop": ("for i in range(10**12): pass", 1),
    "range list": ("x = 1\ny = list(range(10**30))", 2),
    "long loop": ("for i in range(60_000): pass", 1),
    "string": ("x = 'a' * 10**12", 1),
    "bytes join": ("x = b'a' * 9000\ny = x.join([x] * 9000)", 2),
    "join": ("x = ('a' * 9000).join(['b'] * 9000)", 1),
    "doubling": ("x = 'a'\nfor i in range(99):\n    x += x", 3),
    "doubling list": ("x = [1]\nfor i in range(99):\n    x += x", 3),
    "extend": ("x = [1]\nwhile 1:\n    x.extend(x)", 3),
    "power": ("x = 9**9**9", 1),
    "shift": ("x = 1 << 10**12", 1),
    "product": ("x = 10**1000 * 10**1000", 1),
    "nested lists": ("x = [1]\nfor i in range(99):\n    x = [x, x]", 3),
    "nested dicts": ("x = {}\nfor i in range(99):\n    x = {1: x, 2: x}", 3),
    "repeated list": ("x = [[0] * 900] * 900\ny = x * 900", 1),
    "deep list": ("x = []\nfor i in range(999):\n    x = [x]", 3),
    "append": ("x = []\nfor i in range(999):\n    y = []\n    y.append(x)\n    x = y", 4),
    "set item": ("x = {}\nfor i in range(999):\n    y = {}\n    y['a'] = x\n    x = y", 4),
    "percent": ("x = '%9999999d' % 1", 1),
    "percent uses": ("x = '%(a)s' * 9000 % {'a': 'b' * 9000}", 1),
    "percent star": ("x = '%*d' % (10**9, 1)", 1),
    "format": ("x = '{:9999999}'.format(1)", 1),
    "format nested": ("x = '{:{w}}'.format(1, w=10**9)", 1),
    "format builtin": ("x = format(1, '9999999')", 1),
    "f-string": ("x = f'{1:9999999}'", 1),
    "f-string size": ("y = 'a' * 900_000\nx = f'{y}{y}'", 2),
    "replace": ("x = ('a' * 9000).replace('a', 'b' * 9000)", 1),
    "ljust": ("x = 'a'.ljust(10**12)", 1),
    "expandtabs": ("x = '\\t'.expandtabs(10**12)", 1),
    "itertools": ("import itertools\nx = itertools.product(*[range(99)] * 9)", 2),
    "chain": ("import itertools\nx = range(900_000)\ny = itertools.chain(x, x)", 3),
    "sum": ("x = [[0] * 9000] * 20\ny = sum(x * 9, [])", 2),
    "memory": ("x = []\nfor i in range(9000):\n    x.append('a' * 900_000)", 3),
    "yaml bomb": (
        "import yaml\nx = yaml.safe_load('''a: &a [1, 1, 1, 1, 1, 1, 1, 1]\n"
        + "".join(
            f"{b}: &{b} [{', '.join(['*' + a] * 8)}]\n"
            for a, b in zip("abcdef", "bcdefg", strict=True)
        )
        + "''')",
        2,
    ),
    "yaml nesting": ("import yaml\nx = yaml.safe_load('[' * 5000)", 2),
    "yaml circle": ("import yaml\nx = yaml.safe_load('a: &a [*a]')", 2),
    "bare name": ("x = " + "(" * 200 + "1" + ")" * 200, 1),
    "partial": (
        "from functools import partial\nf = print\nfor i in range(30_000):\n    f = partial(f)\nf()",
        5,
    ),
    "groups": (
        "def f(n):\n    with TaskGroup(f'g{n}'):\n        f(n + 1)\nwith DAG('d'): f(0)",
        3,
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_limit(name: str, tmp_path: Path) -> None:
    code, line = LIMITS[name]
    found = read(tmp_path, code + "\n")
    assert codes(found) == [("D2Z108", line)]
    assert found.dags == ()


SMALL = {
    "steps": (Limits(steps=500), "for i in range(999): i + 1"),
    "seconds": (Limits(seconds=0.01), "for i in range(40_000): i + 1"),
    "tasks": (
        Limits(tasks=5),
        "with DAG('d'):\n    for i in range(9): EmptyOperator(task_id=f't{i}')",
    ),
    "edges": (
        Limits(steps=2000),
        "with DAG('d'):\n    t = [EmptyOperator(task_id=f't{i}') for i in range(99)]\n"
        "    for a in t[:50]: a >> t[50:]",
    ),
}


@pytest.mark.parametrize("name", SMALL)
def test_small_limit(name: str, tmp_path: Path) -> None:
    limits, code = SMALL[name]
    found = read(tmp_path, code + "\n", limits=limits)
    assert [code for code, _ in codes(found)] == ["D2Z108"]


def test_value_too_deep_for_the_model(tmp_path: Path) -> None:
    code = "x = []\nfor i in range(70):\n    x = [x]\nwith DAG('d', params={'x': x}):\n"
    assert codes(read(tmp_path, code + "    EmptyOperator(task_id='t')\n")) == [("D2Z108", 4)]


def test_time_of_other_processes_counts() -> None:
    budget = Budget(Limits(seconds=8.0))
    budget.tick(None)
    budget.spend(5.0)
    budget.tick(None)
    budget.spend(5.0)
    with pytest.raises(LimitReached, match="over 8 seconds"):
        budget.tick(None)


def test_large_yaml_file(tmp_path: Path) -> None:
    code = "import yaml\nx = yaml.safe_load(open('a.yaml'))\n"
    found = read(tmp_path, code, {"a.yaml": b"- 1\n" * 600_000})
    assert codes(found) == [("D2Z108", 2)]


def test_many_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transpiler.evaluate.files.MAX_ENTRIES", 1)
    code = "from pathlib import Path\nx = list(Path('.').glob('*.t'))\n"
    assert codes(read(tmp_path, code, {"a.t": "", "b.t": ""})) == [("D2Z108", 2)]


GROWING_CLASSES = "class B0: pass\nclass C0: pass\n" + "".join(
    f"class B{i + 1}(B{i}, C{i}): pass\nclass C{i + 1}(C{i}, B{i}): pass\n" for i in range(40)
)
HARMLESS = {
    "many elifs": "a = 0\nif a: pass\n" + "elif a: pass\n" * 300,
    "many strings": "x = (\n" + "    'a'\n" * 800 + ")",
    "long sum": "x = 0" + " + 1" * 800,
    "long chain of and": "x = 1" + " and 1" * 300,
    "many unknown ifs": "import os\n" + "if os.environ['A']: c = 1\nelse: c = 2\n" * 300,
    "growing classes": GROWING_CLASSES + "B40()",
    "list in itself": "x = []\nx.append(x)\ny = str(x)",
    "imports itself": "import dag\n",
    "surrogate": "x = '\\ud800'",
}


@pytest.mark.parametrize("name", HARMLESS)
def test_unusual_but_read(name: str, tmp_path: Path) -> None:
    code = HARMLESS[name] + "\nwith DAG('d'):\n    EmptyOperator(task_id='t')\n"
    assert read(tmp_path, code).error is None


def test_a_walk_through_a_large_project_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transpiler.evaluate.files.MAX_WALKED", 5)
    files = {f"conf/{number}.yaml": "" for number in range(6)}
    code = "from pathlib import Path\nx = list(Path(__file__).parent.glob('**/*.none'))\n"
    assert codes(read(tmp_path, code, files)) == [("D2Z108", 2)]
    code = "from pathlib import Path\nx = list(Path(__file__).parent.glob('conf/*.none'))\n"
    assert ("D2Z108", 2) not in codes(read(tmp_path, code, files))
