"""A construct as it was found in the syntax tree, before anybody asks what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import libcst as cst

from transpiler.model.account import ConstructKind
from transpiler.model.dag import SourceModule
from transpiler.model.span import Span
from transpiler.source.positions import Positions, positions_of

Start = tuple[int, int]
"""Line and column of a node's first character."""


@dataclass(eq=False, slots=True)
class Found:
    """One construct.

    `starts` are the places that the evaluator knows it by: its own, for an argument also that of
    its value, for a decorated function that of its name. `executed` is whether reading ran it.
    """

    kind: ConstructKind
    name: str
    text: str
    span: Span
    starts: tuple[Start, ...]
    executed: bool
    parent: Found | None = None
    node: cst.CSTNode | None = None
    builds: bool = False
    """Whether tasks, groups or DAGs are made inside it."""
    bound: tuple[str, ...] = ()
    """Names that it binds."""
    idle: bool = False
    """Whether it is code for making DAGs that made nothing."""


@dataclass(eq=False)
class Page:
    """One module with what is needed to make constructs of its nodes."""

    module: SourceModule
    positions: Positions
    executed: Iterable[int] = ()
    found: list[Found] = field(default_factory=list)

    @classmethod
    def of(cls, module: SourceModule, executed: Iterable[int]) -> Page:
        """The page of a module whose statements `executed` were run."""
        return cls(module, positions_of(module.tree), executed)

    def start(self, node: cst.CSTNode) -> Start:
        """Line and column of a node."""
        return self.positions.range(node)[:2]

    def span(self, node: cst.CSTNode, end: cst.CSTNode | None = None) -> Span:
        """The place of a node, or from its start to the end of another."""
        line, column, end_line, end_column = self.positions.range(node)
        if end is not None:
            end_line, end_column = self.positions.range(end)[2:]
        if end_column == 1 and end_line > line:
            end_line -= 1
            end_column = len(self.positions.line(end_line)) + 1
        return Span(self.module.path, line, column, end_line, end_column)

    def text(self, span: Span) -> str:
        """The first line of a place."""
        line = self.positions.line(span.line)
        last = span.end_column - 1 if span.end_line == span.line else len(line)
        return line[span.column - 1 : last].rstrip()

    def add(
        self,
        kind: ConstructKind,
        name: str,
        span: Span,
        *,
        starts: Iterable[Start] = (),
        executed: bool,
        parent: Found | None = None,
        node: cst.CSTNode | None = None,
        builds: bool = False,
        bound: Iterable[str] = (),
    ) -> Found:
        """Note a construct."""
        item = Found(
            kind,
            name,
            self.text(span),
            span,
            tuple(dict.fromkeys([(span.line, span.column), *starts])),
            executed,
            parent,
            node,
            builds,
            tuple(bound),
        )
        self.found.append(item)
        return item
