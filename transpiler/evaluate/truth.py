"""What is known of a value."""

from __future__ import annotations

from typing import Any

from transpiler.evaluate.builders import (
    DagBuilder,
    Decorated,
    GroupBuilder,
    TaskBuilder,
    XCom,
    XComList,
)
from transpiler.evaluate.objects import (
    Builtin,
    Instance,
    ModuleValue,
    UserClass,
    UserFunction,
    VersionSwitch,
)
from transpiler.model.values import SCALARS, Call, Ref, Symbolic, is_known, marks


class OneShot(list[Any]):
    """What a generator, `zip`, `map` and the like still give: each item once."""


_OBJECTS = (
    Builtin, DagBuilder, Decorated, GroupBuilder, Instance, ModuleValue, TaskBuilder, UserClass, UserFunction, XCom,
    XComList, Ref
)  # fmt: skip
_CONTAINERS = (list, tuple, dict)
PURE_ITERABLES = (list, tuple, set, frozenset, dict, range)


def is_plain(value: Any) -> bool:
    """Whether the value is plain data, all of it known."""
    if isinstance(value, (*SCALARS, range)) or is_known(value):
        return True
    return isinstance(value, _CONTAINERS) and all(isinstance(m, range) for m in marks(value))


def is_class_name(ref: Ref) -> bool:
    """Whether a name from outside is a class, a module of Airflow or a builtin, and not a constant
    or function: those are the names whose truth is known.
    """
    first, _, last = ref.qualified_name.rpartition(".")
    if last.isupper() and "_" in last:
        return False
    return not first or first.startswith("airflow") or (last[:1].isupper() and not last.isupper())


def is_unknown(value: Any) -> bool:
    """Whether only a run could tell what the value is."""
    return isinstance(value, (Symbolic, Call)) or (
        isinstance(value, Ref) and not is_class_name(value)
    )


def truth(value: Any) -> bool | None:
    """The truth of a value; None where it is not known."""
    if is_unknown(value):
        return None
    if isinstance(value, VersionSwitch):
        return value.value
    if isinstance(value, OneShot):
        return True
    if isinstance(value, (*SCALARS, *PURE_ITERABLES)):
        return bool(value)
    if isinstance(value, Instance) and (value.cls.has("__bool__") or value.cls.has("__len__")):
        return None
    if isinstance(value, _OBJECTS):
        return True
    return bool(value) if is_known(value) else True
