"""Attributes of what is imported from outside the project."""

from __future__ import annotations

import re
from typing import Any

from transpiler.evaluate import stdlib, versions
from transpiler.evaluate.interpreter import Interpreter
from transpiler.model.values import Ref

_TABLE_CLASS = re.compile(
    r"airflow\.(?:models|jobs)\.(?:\w+\.)*"
    r"(DagRun|TaskInstance|DagModel|Log|SlaMiss|TaskFail|TaskReschedule|BaseJob|Job|Variable"
    r"|Connection|DagTag|Pool|Trigger|RenderedTaskInstanceFields)"
)
"""Classes of Airflow's database that are called what they are imported as (`XCom` is `BaseXCom`)."""


def attribute(ip: Interpreter, ref: Ref, name: str) -> Any:
    """`ref.name`: its value where it is known, else a reference to it."""
    if name == "__name__" and (match := _TABLE_CLASS.fullmatch(ref.qualified_name)):
        return match[1]
    qualified = f"{ref.qualified_name}.{name}"
    found = versions.resolve(ip, qualified)
    return stdlib.resolve(qualified) if found is None else found
