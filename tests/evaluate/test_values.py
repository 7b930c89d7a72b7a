"""Known values: what Python gives for the same code."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.evaluate.reading import value_of

EXPRESSIONS = """
1 + 2 * 3 - 4 // 3 % 2
2 ** 10 - 7 / 2
(1 << 4) | 3 & 6 ^ 1
256 >> 2
-3 + +2 + ~1
not 0 and not ""
1j + 2
0x1F + 0b11 + 1_000
"a" "b" 'c'
b"x" b"y"
b"x" + b"y"
"%s-%03d" % ("a", 7)
"%(k)s" % {"k": 1}
"{} {0!r:>5} {k}".replace("{} ", "").format("a", k=2)
"{a}".format_map({"a": 1})
f"{1 + 1:03d}|{'x'!r}|{3.14159:.{2}f}|{{}}"
f"a\\tb{1}" + rf"\\d{1}"
f"{1=}{'a'=!s}"
f"{ 1 = }|{'a' =!r:>5}|{[1,  2]= }|{2.5 = :.2f}"
"abc".upper().center(9, "*").strip("*").title()
"a,b".split(",") + "c d".split()
"-".join(["a", "b"]) + ",".join(x for x in "xyz")
"abc"[1] + "abc"[::-1] + "abc"[:2]
"a\\tb".expandtabs(4) + "7".zfill(3) + "a".ljust(2) + "b".rjust(2)
"x".encode() + "y".encode("utf-8")
b"abc".decode("ascii")
[1, *[2, 3], *(4,)]
(1, *[2])
{1, *{2}}
{"a": 1, **{"b": 2}}
[1, 2] + [3] * 2
(1, 2)[0] + [1, 2, 3][-1]
[1, 2, 3, 4][1:3]
{"a": {"b": 1}}["a"]["b"]
{"a": 1}.get("b", 5)
sorted({"b": 1, "a": 2}.items())
list({"a": 1}.keys()) + list({"a": 1}.values())
1 < 2 < 3, 1 == 1.0, 1 != 2, 3 >= 2 > 1, 1 <= 0
1 in [1], "a" not in "bc", None is None, [] is not None
"k" in {"k": 1}
1 if [] else 2
[] or "x", 1 and 2
[x * 2 for x in range(5) if x % 2]
[(a, b) for a in "xy" for b in range(2)]
{k: v for k, v in zip("ab", (1, 2), strict=True)}
sorted({x % 3 for x in range(9)})
list(x for x in (1, 2))
[i + y for i, y in enumerate([5, 6], 1)]
list(reversed([1, 2])), sorted([3, 1]), sorted("ba", reverse=True)
sorted(["bb", "a"], key=len), sorted(["bb", "a"], key=lambda t: -len(t))
list(map(lambda a, b: a + b, [1, 2], [3, 4]))
list(filter(None, [0, 1])), list(filter(lambda v: v > 1, [1, 2]))
len("abc"), len({1: 2}), len(range(7))
sum([1, 2]), sum([[1], [2]], []), max(1, 2), min([3, 1]), abs(-1), round(2.567, 1)
any([0, 1]), all([]), bool([]), int("7"), float("1.5"), str(3), repr("a"), chr(97), ord("a")
list("ab"), tuple([1]), sorted(set([1, 1])), sorted(frozenset({2})), dict(a=1), dict([("b", 2)])
dict({"a": 1}, b=2)
dict.fromkeys(["a", "b"], 0)
format(3.14159, ".2f"), bytes("a", "ascii"), bytes([1, 2]), hex(255), bin(3), oct(8)
divmod(7, 2), complex(1, 2), ascii("é")
isinstance("a", str), isinstance(1, (str, int)), isinstance([], dict)
next([5, 6].__iter__()) if False else next(iter([5, 6])), next(iter([]), "end")
(lambda a, b=2, *c, **d: (a, b, c, d))(1, 3, 4, k=5)
(y := 3) + y
type("a") is not None
callable(3)
datetime(2023, 1, 2, 3).strftime("%Y/%m") + datetime(2023, 1, 2).isoformat()
(datetime(2023, 1, 2) + timedelta(days=1, hours=2)).date().isoformat()
datetime.strptime("2023-05-06", "%Y-%m-%d").year
datetime.combine(date(2023, 1, 1), time(2)).hour
datetime(2023, 1, 1, tzinfo=timezone.utc).astimezone(timezone(timedelta(hours=1))).hour
timedelta(hours=1).total_seconds() + timedelta(days=2).days
(timedelta(hours=1) * 2 - timedelta(minutes=5)).seconds
datetime.fromisoformat("2023-01-01").weekday()
date(2023, 1, 31).replace(day=1).toordinal()
""".strip().splitlines()

PROGRAMS: dict[str, str] = {
    "assignments": "a = b = 1\n(c, *d), [e] = (1, 2, 3), [4]\nx = [a, b, c, d, e]",
    "augmented": "x = [1]\ny = x\nx += [2]\nx[0] += 5\nn = 3\nn **= 2\nx = [x, y, n]",
    "augmented text": "x = 'a'\nx += 'b'\nx *= 2",
    "annotated": "x: int = 3\ny: str",
    "delete": "x = {'a': 1, 'b': 2}\ndel x['a']\ny = [1, 2]\ndel y[0], y[0]\nx = [x, y]",
    "delete name": "x = 1\ny = 2\ndel y\ntry:\n    x = y\nexcept NameError:\n    x = 'gone'",
    "mutators": "x = [3, 1]\nx.append(2)\nx.sort()\nx.insert(0, 9)\nx.extend((7,))\nx.reverse()\n"
    "y = {}\ny.setdefault('a', []).append(1)\ny.update(b=2)\nz = {1}\nz.add(2)\n"
    "x = [x, y, sorted(z), x.pop()]",
    "sort by key": "x = ['bb', 'a']\nx.sort(key=len, reverse=True)",
    "while": "x = 0\nwhile x < 5:\n    x += 1\n    if x == 3:\n        continue\n"
    "    if x == 4:\n        break\nelse:\n    x = 99",
    "while else": "x = 0\nwhile x < 2:\n    x += 1\nelse:\n    x = 'done'",
    "for else": "for i in [1, 2]:\n    if i > 5:\n        break\nelse:\n    x = i",
    "for break": "x = 0\nfor x in range(9):\n    if x == 4:\n        break\nelse:\n    x = -1",
    "if chain": "y = 3\nif y == 1:\n    x = 1\nelif y == 3:\n    x = 3\nelse:\n    x = 0",
    "try else finally": "x = []\ntry:\n    x.append(1)\nexcept ValueError:\n    x.append(2)\n"
    "else:\n    x.append(3)\nfinally:\n    x.append(4)",
    "try lookup": "try:\n    x = {}['a']\nexcept (LookupError, TypeError) as error:\n    x = 'no'",
    "try bare": "try:\n    x = 1 / 0\nexcept:\n    x = 'zero'",
    "reraise": "def f():\n    try:\n        raise ValueError('a')\n    except ValueError:\n        raise\n"
    "try:\n    f()\nexcept Exception:\n    x = 'again'",
    "assertion": "try:\n    assert 1 == 2, 'no'\nexcept AssertionError:\n    x = 'failed'\nassert x",
    "match": "def f(v):\n    match v:\n        case 1 | 2:\n            return 'small'\n"
    "        case 'a' if False:\n            return 'never'\n        case None:\n"
    "            return 'none'\n        case other:\n            return other\n"
    "x = [f(1), f(2), f('a'), f(None)]",
    "functions": "def f(a, /, b, *c, d=4, **e):\n    return [a, b, c, d, e]\n"
    "x = [f(1, 2), f(1, 2, 3, d=5, g=6), f(*[1, 2], **{'d': 3})]",
    "closures": "def outer(n):\n    def inner(m):\n        nonlocal n\n        n += m\n        return n\n"
    "    inner(1)\n    return inner\nx = outer(10)(5)",
    "globals": "x = 1\ndef f():\n    global x\n    x += 1\nf()",
    "recursion": "def f(n):\n    return 1 if n == 0 else n * f(n - 1)\nx = f(10)",
    "generator": "def f():\n    yield 1\n    yield from [2, 3]\n    return\nx = list(f())",
    "decorator": "def twice(f):\n    def g(*a):\n        return f(*a) * 2\n    return g\n"
    "@twice\ndef h(n):\n    return n\nx = h(4)",
    "wrapped": "import functools\ndef d(f):\n    @functools.wraps(f)\n    def g():\n        return f()\n"
    "    return g\n@d\n@functools.lru_cache(maxsize=None)\ndef h():\n    return 3\nx = h()",
    "partial": "from functools import partial, reduce\ndef f(a, b, c):\n    return [a, b, c]\n"
    "x = partial(partial(f, 1), c=3)(2) + [reduce(lambda a, b: a + b, [1, 2, 3], 10)]",
    "class": "class A:\n    kind = 'a'\n    def __init__(self, n=1):\n        self.n = n\n"
    "    def double(self):\n        return self.n * 2\n    def __call__(self, m):\n        return m\n"
    "    def __str__(self):\n        return 'A!'\n"
    "    @property\n    def size(self):\n        return self.n + 1\n"
    "    @classmethod\n    def make(cls):\n        return cls(7)\n"
    "    @staticmethod\n    def add(a, b):\n        return a + b\n"
    "a = A.make()\na.extra = 5\n"
    "x = [a.double(), a.size, A.add(1, 2), a.kind, a(3), str(a), a.extra, A.kind, A.__name__]",
    "inheritance": "class A:\n    def f(self):\n        return ['a']\nclass B(A):\n    def f(self):\n"
    "        return super().f() + ['b']\nclass C(B):\n    pass\n"
    "x = [C().f(), isinstance(C(), A), hasattr(C(), 'g'), getattr(C(), 'h', 3)]",
    "setattr": "class A:\n    pass\na = A()\nsetattr(a, 'n', 4)\nA.m = 5\nx = [getattr(a, 'n'), a.m]",
    "dataclass": "from dataclasses import dataclass, field\n@dataclass\nclass A:\n    a: int\n"
    "    b: list = field(default_factory=list)\n    c: str = 'c'\n@dataclass\nclass B(A):\n"
    "    d: int = field(default=4)\n    def __post_init__(self):\n        self.e = self.a + self.d\n"
    "b = B(1, c='z')\nx = [b.a, b.b, b.c, b.d, b.e]",
    "enum": "from enum import Enum\nclass E(str, Enum):\n    A = 'a'\n    B = 'b'\n"
    "x = [E.A.value, E['B'].name, E('a').value, [e.value for e in E]]",
    "named tuple class": "from typing import NamedTuple\nclass P(NamedTuple):\n    a: int\n    b: int = 2\n"
    "p = P(1)\nx = [p.a, p.b]",
    "namespace": "globals()['x'] = 1\n"
    "globals().update(y=2)\nx = [x, globals()['y'], globals().get('z', 3)]",
    "itertools": "import itertools\nx = [list(itertools.chain([1], (2,))), "
    "list(itertools.chain.from_iterable([[3], [4]])), list(itertools.product('ab', [1])), "
    "list(itertools.product([0, 1], repeat=2))]",
    "standard library": "import copy, json, math, os.path, string, textwrap, inspect\n"
    "from collections import OrderedDict\n"
    "x = [json.loads('[1, {\"a\": null}]'), json.dumps({'b': 1}), math.ceil(1.2), math.floor(1.8),\n"
    "     os.path.join('a', 'b.sql'), os.path.basename('/a/b'), os.path.dirname('/a/b'),\n"
    "     os.path.splitext('a.b'), string.digits, textwrap.dedent('  a\\n  b'), "
    "inspect.cleandoc(' a'),\n     dict(OrderedDict(a=1)), copy.deepcopy([1, [2]]), copy.copy((1,))]",
    "paths": "from pathlib import Path, PurePosixPath\np = Path('/a') / 'b.tar.gz'\n"
    "x = [str(p), p.name, p.stem, p.suffix, p.suffixes, p.parent.as_posix(), "
    "str(p.with_suffix('.sql')), p.parts, [str(q) for q in p.parents], p.joinpath('c').name]",
    "docstring": '"""Text."""\nx = [__name__ != "__main__"]',
    "semicolons": "a = 1; b = 2; x = a + b",
    "one line suites": "x = 0\nfor i in range(3): x += i\nif x: x += 1",
    "with alias": "y = [1]\nx = y[:]\nx[1:] = [2, 3]",
    "type checking": "from typing import TYPE_CHECKING, cast\nif TYPE_CHECKING:\n    import nothing\n"
    "x = cast(int, 3)",
}


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_expression(expression: str, tmp_path: Path) -> None:
    names: dict[str, Any] = dict(_DATES)
    expected = eval(expression.replace("\\\\", "\\"), names)
    assert value_of(tmp_path, "x = " + expression.replace("\\\\", "\\")) == expected


_DATES = {"date": date, "datetime": datetime, "time": time, "timedelta": timedelta}
_DATES["timezone"] = timezone  # type: ignore[assignment]


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(name: str, tmp_path: Path) -> None:
    names: dict[str, Any] = {"__name__": __name__, **_DATES}
    exec(compile(PROGRAMS[name], "program", "exec"), names)
    assert value_of(tmp_path, PROGRAMS[name]) == names["x"]


PENDULUM = {
    "pendulum.datetime(2023, 1, 2, tz='Europe/Brussels').isoformat()": "2023-01-02T00:00:00+01:00",
    "pendulum.datetime(2023, 1, 31).add(months=1).to_date_string()": "2023-02-28",
    "pendulum.datetime(2023, 1, 2).subtract(days=1).to_datetime_string()": "2023-01-01 00:00:00",
    "pendulum.parse('2023-01-02').to_iso8601_string()": "2023-01-02T00:00:00Z",
    "pendulum.parse('2023-01-02T01:00', tz='Europe/Paris').hour": 1,
    "pendulum.parse('2023/01/02').day": 2,
    "pendulum.duration(hours=2)": timedelta(hours=2),
    "pendulum.instance(datetime(2023, 1, 1)).isoformat()": "2023-01-01T00:00:00+00:00",
    "pendulum.datetime(2023, 1, 1).in_timezone('Europe/Brussels').hour": 1,
    "datetime(2023, 1, 1, tzinfo=pendulum.timezone('UTC')).isoformat()": "2023-01-01T00:00:00+00:00",
    "(datetime(2023, 1, 31) + relativedelta(months=1)).day": 28,
}


@pytest.mark.parametrize("expression", PENDULUM)
def test_dates_of_other_libraries(expression: str, tmp_path: Path) -> None:
    code = f"import pendulum\nfrom dateutil.relativedelta import relativedelta\nx = {expression}"
    assert value_of(tmp_path, code) == PENDULUM[expression]


@pytest.mark.parametrize("kind", ["pendulum.parsing.exceptions.ParserError", "ValueError"])
def test_a_text_that_is_no_date_raises(kind: str, tmp_path: Path) -> None:
    code = (
        f"import pendulum\ntry:\n    x = pendulum.parse('2 days')\nexcept {kind}:\n    x = 'none'"
    )
    assert value_of(tmp_path, code) == "none"
