"""Calls that hooks of steps make besides the callbacks of the DAG file."""

from __future__ import annotations

from dataclasses import dataclass

from transpiler.model.dag import Argument
from transpiler.model.pipeline import Import


@dataclass(frozen=True, slots=True)
class HookCall:
    """A call of a function of the runtime, and the argument that it stands for."""

    argument: Argument
    import_: Import
    code: str
