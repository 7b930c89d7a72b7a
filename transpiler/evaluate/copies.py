"""`copy.copy` and `copy.deepcopy` of the evaluator's values."""

from __future__ import annotations

import copy
from typing import Any

from transpiler.evaluate.builders import DagBuilder, GroupBuilder, TaskBuilder
from transpiler.evaluate.interpreter import CallSite
from transpiler.evaluate.objects import Instance
from transpiler.evaluate.truth import is_plain

_STRUCTURE = (DagBuilder, GroupBuilder, TaskBuilder)


def shallow(site: CallSite, value: Any) -> Any:
    """A copy whose parts are those of the value."""
    if isinstance(value, Instance):
        return Instance(value.cls, dict(value.attributes))
    if isinstance(value, _STRUCTURE):
        return site.symbolic("it copies a DAG, a group or a task")
    return copy.copy(value)


def deep(site: CallSite, value: Any) -> Any:
    """A copy whose containers and objects are copies too; what is not known stays as it is."""
    if is_plain(value):
        return copy.deepcopy(value)
    site.ip.budget.weight(value)
    return _deep(site, value, {})


def _deep(site: CallSite, value: Any, made: dict[int, Any]) -> Any:
    if id(value) in made:
        return made[id(value)]
    if isinstance(value, Instance):
        copied: Any = made.setdefault(id(value), Instance(value.cls))
        copied.attributes.update({k: _deep(site, v, made) for k, v in value.attributes.items()})
    elif isinstance(value, dict):
        copied = made.setdefault(id(value), copy.copy(value))
        copied.update({k: _deep(site, v, made) for k, v in value.items()})
    elif isinstance(value, list):
        copied = made.setdefault(id(value), [])
        copied.extend(_deep(site, item, made) for item in value)
    elif isinstance(value, tuple):
        copied = tuple(_deep(site, item, made) for item in value)
    elif isinstance(value, _STRUCTURE):
        copied = site.symbolic("it copies a DAG, a group or a task")
    else:
        copied = copy.copy(value) if isinstance(value, set) else value
    return copied
