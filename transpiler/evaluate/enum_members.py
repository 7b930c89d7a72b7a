"""The members of an enumeration of the project, made from the body of its class.

Source: enum.py of Python (EnumType.__new__, _proto_member.__set_name__).
"""

from __future__ import annotations

from typing import Any

from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Instance, UserClass, UserFunction
from transpiler.evaluate.truth import is_plain
from transpiler.model.values import Call


def make_members(cls: UserClass, site: CallSite) -> None:
    """Put a member in the place of each value; the second name of a value is the same member."""
    made: list[Instance] = []
    for name, written in list(cls.namespace.items()):
        if name.startswith("_") or not _is_value(written):
            continue
        value = _automatic(cls, name, made) if _is_auto(written) else written
        member = _same(made, value)
        if member is None:
            member = Instance(cls, {"name": name, "value": value, "_value_": value})
            _run_init(cls, member, value, site)
            made.append(member)
        cls.namespace[name] = member


def members_of(cls: UserClass) -> list[Instance]:
    """The members in their order, each once: a second name of a value adds none."""
    found = {
        id(value): value
        for value in cls.namespace.values()
        if isinstance(value, Instance) and value.cls is cls
    }
    return list(found.values())


def _is_value(value: Any) -> bool:
    from transpiler.evaluate.classes import ClassMethod, Property, StaticMethod

    return not isinstance(value, (UserFunction, StaticMethod, ClassMethod, Property))


def _is_auto(value: Any) -> bool:
    return isinstance(value, Call) and value.func == "enum.auto"


def _automatic(cls: UserClass, name: str, made: list[Instance]) -> Any:
    """The value that `auto()` stands for."""
    names = {getattr(base, "qualified_name", "") for base in cls.mro()}
    if "enum.StrEnum" in names:
        return name.lower()
    numbers = [one.attributes["value"] for one in made]
    highest = max((number for number in numbers if isinstance(number, int)), default=0)
    if names & {"enum.Flag", "enum.IntFlag"}:
        return 1 << highest.bit_length()
    return highest + 1


def _same(made: list[Instance], value: Any) -> Instance | None:
    if not is_plain(value):
        return None
    return next((one for one in made if one.attributes["value"] == value), None)


def _run_init(cls: UserClass, member: Instance, value: Any, site: CallSite) -> None:
    """`__init__` takes the value, or the items of a tuple."""
    from transpiler.evaluate.classes import run_init

    run_init(site.ip, cls, member, value if isinstance(value, tuple) else (value,), {}, site)
