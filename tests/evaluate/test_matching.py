"""`match` statements."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.evaluate.reading import codes, read, value_of

CASES = [
    ("3", "1 | 2: x = 'low'", "3: x = 'three'", "three"),
    ("[1, 2, 3]", "[1, 2]: x = 'two'", "[first, *rest]: x = (first, rest)", (1, [2, 3])),
    ("[1, 2, 3]", "[*_, 4]: x = 4", "[*start, 3]: x = start", [1, 2]),
    ("(1,)", "(a, b, *_): x = 2", "(a,): x = a", 1),
    ("'ab'", "[_, _]: x = 'list'", "str(text): x = text", "ab"),
    ("{'k': 1, 'm': 2}", "{'k': 2}: x = 2", "{'k': 1 as n, **rest}: x = (n, rest)", (1, {"m": 2})),
    ("{'k': 1}", "{'z': _}: x = 'z'", "{}: x = 'any'", "any"),
    ("None", "False: x = 0", "None: x = 'none'", "none"),
    ("1", "int(n) if n > 1: x = 'big'", "int(): x = 'int'", "int"),
    ("[1, [2]]", "[1, []]: x = 0", "[_, [n]]: x = n", 2),
    ("[1]", "[_, _, *_]: x = 0", "_: x = 'other'", "other"),
    ("5", "dict() | list(): x = 0", "n: x = n", 5),
]


@pytest.mark.parametrize(("subject", "first", "second", "expected"), CASES)
def test_patterns(tmp_path: Path, subject: str, first: str, second: str, expected: Any) -> None:
    code = f"match {subject}:\n    case {first}\n    case {second}\n"
    assert value_of(tmp_path, code) == expected


def test_members_of_enumerations(tmp_path: Path) -> None:
    code = """
from enum import Enum
class Kind(Enum):
    A = 1
    B = 2
def named(kind):
    match kind:
        case Kind.A: return "a"
        case 2: return "two"
        case Kind.B: return "b"
x = [named(kind) for kind in (*Kind, 2, 3)]
"""
    assert value_of(tmp_path, code) == ["a", "b", "two", None]


@pytest.mark.parametrize(
    ("subject", "pattern"),
    [("Variable.get('x')", "1"), ("1", "Point(x=1)"), ("[1]", "[Point()]"), ("1", "2 | Point()")],
)
def test_what_is_not_known_is_said(tmp_path: Path, subject: str, pattern: str) -> None:
    code = (
        f"match {subject}:\n    case {pattern}: pass\nwith DAG('d'): EmptyOperator(task_id='t')\n"
    )
    assert ("D2Z116", 2) in codes(read(tmp_path, code))
