"""What a class statement does beyond its body, against Python itself."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.evaluate.reading import codes, read, value_of

PROGRAMS = {
    "__init_subclass__": """
class Job:
    known = {}
    def __init_subclass__(cls, key=None, **rest):
        super().__init_subclass__(**rest)
        Job.known[key or cls.__name__] = cls
class Load(Job): pass
class Clean(Job, key="tidy"): pass
x = list(Job.known)
""",
    "a decorator": """
KNOWN = []
def register(name):
    def put(cls):
        KNOWN.append(name)
        cls.label = name + "!"
        return cls
    return put
def other(cls):
    return [cls.label, cls]
@other
@register("one")
class Load:
    pass
x = [*KNOWN, Load[0]]
""",
    "a property's setter": """
class Job:
    def __init__(self):
        self.name = "a"
        setattr(self, "shown", "b")
    @property
    def shown(self):
        return self.given + "?"
    @shown.setter
    def shown(self, value):
        self.given = self.name + value
job = Job()
first = job.shown
job.shown = "c"
x = [first, job.shown]
""",
    "a cached property": """
from functools import cached_property
class Job:
    n = 0
    @cached_property
    def number(self):
        self.n += 1
        return self.n
job = Job()
x = [job.number, job.number, Job().number]
""",
    "second names in an enumeration": """
from enum import Enum, Flag, IntEnum, auto
class Level(IntEnum):
    LOW = 1
    HIGH = auto()
    SMALL = 1
class Kind(Flag):
    READ = auto()
    WRITE = auto()
    SEND = auto()
class Shop(Enum):
    BE = (1, "Belgium")
    NL = (2, "Netherlands")
    def __init__(self, number, title):
        self.title = title
x = [[one.value for one in Level], Level.SMALL is Level.LOW, Kind.SEND.value, Shop.NL.title]
""",
    "a field that is no parameter": """
from dataclasses import dataclass, field
@dataclass
class Job:
    length: int = field(init=False)
    name: str = "n"
    later: str = field(init=False, repr=False)
    def __post_init__(self):
        self.length = len(self.name)
@dataclass
class Load(Job):
    more: int = 3
x = [Load("abc", 5).length, Load("abc", 5).more, Job(name="ab").length]
""",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_as_in_python(name: str, tmp_path: Path) -> None:
    names: dict[str, Any] = {"__name__": "builtins"}  # dataclasses want a module that there is
    exec(PROGRAMS[name], names)  # noqa: S102 - the programs stand in this file
    assert value_of(tmp_path, PROGRAMS[name]) == names["x"]


def test_auto_of_texts(tmp_path: Path) -> None:
    # Not run by Python itself: StrEnum came with 3.11.
    code = "from enum import StrEnum, auto\nclass Kind(StrEnum):\n    RAW = auto()\nx = Kind.RAW\n"
    assert value_of(tmp_path, code) == "raw"


def test_a_metaclass_of_the_project_is_reported(tmp_path: Path) -> None:
    code = """
from abc import ABCMeta
class Known(type):
    def __new__(mcs, name, bases, body):
        return super().__new__(mcs, name, bases, body)
class Fine(metaclass=ABCMeta): pass
class Job(metaclass=Known): pass
with DAG("d"):
    EmptyOperator(task_id="t")
"""
    found = read(tmp_path, code)
    assert [code for code, _ in codes(found)] == ["D2Z116"]
    assert "the metaclass Known of the class Job" in found.findings[0].message
