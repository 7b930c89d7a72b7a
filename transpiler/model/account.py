"""The coverage account: every construct of a source file and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from transpiler.model.pipeline import Disposition
from transpiler.model.span import Span

ConstructKind = Literal[
    "docstring",
    "import",
    "constant",
    "function",
    "class",
    "statement",
    "dag",
    "dag_argument",
    "default_argument",
    "group",
    "group_argument",
    "task",
    "argument",
    "callback",
    "template",
    "edge",
]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a construct is in the output: a file below the output folder, and what stands there.

    Lines count from 1; they are None where nothing was emitted, as in `assess`.
    """

    file: str
    what: str
    line: int | None = None
    end_line: int | None = None


@dataclass(frozen=True, slots=True)
class Construct:
    """One construct of the source. `codes` is empty only where `disposition` is `mapped`."""

    kind: ConstructKind
    name: str
    """Argument, imported name, function, variable or task id; for a statement, its keyword."""
    text: str
    """The first line of the source, cut to a readable length."""
    span: Span
    disposition: Disposition = "mapped"
    codes: tuple[str, ...] = ()
    note: str = ""
    dags: tuple[str, ...] = ()
    """Ids of the DAGs that it takes part in; empty for what belongs to the file as a whole."""
    tasks: tuple[str, ...] = ()
    output: tuple[Place, ...] = ()
