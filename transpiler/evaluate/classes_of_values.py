"""`isinstance`."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

from transpiler.evaluate.builders import GroupBuilder, TaskBuilder
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Instance
from transpiler.evaluate.truth import OneShot, is_plain
from transpiler.model.values import Symbolic

_ITERABLE = {"Iterable", "Collection", "Container", "Sized"}
_ABSTRACT: dict[type, set[str]] = {
    dict: {*_ITERABLE, "Mapping", "MutableMapping", "Dict"},
    list: {*_ITERABLE, "Sequence", "MutableSequence", "List"},
    tuple: {*_ITERABLE, "Sequence", "Tuple"},
    set: {*_ITERABLE, "Set", "MutableSet"},
    frozenset: {*_ITERABLE, "Set", "FrozenSet"},
    str: {*_ITERABLE, "Sequence", "Text"},
    bytes: {*_ITERABLE, "Sequence"},
    int: {"Number", "Integral"},
    float: {"Number"},
    PurePath: {"Path", "PosixPath", "PathLike"},
}
"""Names of abstract and other classes that objects of a class are of, too."""
_CONTAINERS = (dict, list, tuple, set, frozenset)


def _of_task(value: TaskBuilder | GroupBuilder) -> set[str]:
    if isinstance(value, GroupBuilder):
        return {"TaskGroup", "DAGNode", "DependencyMixin"}
    paths = [value.operator, value.operator_class]
    for item in value.cls.mro() if value.cls is not None else ():
        paths.append(getattr(item, "qualified_name", getattr(item, "name", "")))
    return {path.rpartition(".")[2] for path in paths} | {"BaseOperator", "DAGNode"}


def is_instance(site: CallSite, value: Any, kinds: Any) -> Any:
    """Whether a value is of one of the classes, by their names; a container is what it is, whatever
    it holds.
    """
    given = kinds if isinstance(kinds, tuple) else (kinds,)
    if any(isinstance(kind, Symbolic) for kind in given):
        return site.symbolic("the class is not known")
    names = {
        getattr(kind, "name", getattr(kind, "qualified_name", "")).rpartition(".")[2]
        for kind in given
    }
    if isinstance(value, Instance):
        return any(getattr(c, "name", None) in names for c in value.cls.mro())
    if isinstance(value, (TaskBuilder, GroupBuilder)):
        return bool(names & _of_task(value))
    if not is_plain(value) and not isinstance(value, _CONTAINERS):
        return site.symbolic("the type is not known")
    if isinstance(value, OneShot):
        return bool(names & {"Iterator", "Iterable", "Generator", "object"})
    own = {kind.__name__ for kind in type(value).__mro__}
    abstract = (more for kind, more in _ABSTRACT.items() if isinstance(value, kind))
    return bool(names & own.union(*abstract))
