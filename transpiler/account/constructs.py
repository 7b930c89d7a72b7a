"""The constructs of a module: a walk over its statements.

Bodies of functions are entered where tasks, groups or DAGs are made in them; any other function or
class is one construct, because it is carried over, or not, as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import libcst as cst

from transpiler.account.entries import ArgumentWalk
from transpiler.account.found import Found, Page
from transpiler.account.imports import import_constructs
from transpiler.account.making import Makes, Making, gives_options, is_edge
from transpiler.account.names import bodies, bound_names, heads, is_text, statement_name
from transpiler.account.nodes import calls_in, chained_calls
from transpiler.model.account import ConstructKind
from transpiler.model.span import Span

_MAKING = re.compile(r"(?:Operator|Sensor|DAG|TaskGroup)\b\s*[.(]")
"""What code that makes something looks like."""


class ConstructWalk:
    """Finds the constructs of one module; they are in `page.found` then, outer ones first."""

    def __init__(self, page: Page, making: Making) -> None:
        self.page = page
        self.making = making
        self.arguments = ArgumentWalk(page)

    def run(self) -> list[Found]:
        """Walk over the module."""
        self._block(self.page.module.tree.body, None, top=True)
        self.arguments.default_entries()
        return self.page.found

    def _block(
        self, body: Sequence[cst.CSTNode], parent: Found | None, *, top: bool = False
    ) -> None:
        """`top` is for bodies whose first string is a docstring."""
        for position, statement in enumerate(body):
            if isinstance(statement, cst.SimpleStatementLine):
                for small in statement.body:
                    self._small(small, parent, first=top and position == 0)
            elif isinstance(statement, cst.BaseSmallStatement):
                self._small(statement, parent, first=False)
            elif isinstance(statement, cst.FunctionDef):
                self._function(statement, parent)
            elif isinstance(statement, cst.ClassDef):
                self._class(statement, parent)
            else:
                self._compound(statement, parent)

    def _executed(self, node: cst.CSTNode) -> bool:
        return id(node) in self.page.executed

    # Simple statements

    def _small(self, node: cst.BaseSmallStatement, parent: Found | None, *, first: bool) -> None:
        executed = self._executed(node)
        if isinstance(node, (cst.Import, cst.ImportFrom)):
            self.making.imports.update(import_constructs(self.page, node, parent, executed))
            return
        value = getattr(node, "value", None)
        if first and isinstance(node, cst.Expr) and is_text(value):
            self.page.add(
                "docstring", "", self.page.span(node), executed=executed, parent=parent, node=node
            )
            return
        chains = list(self._chains(node))
        names = bound_names(node)
        sole = len(chains) == 1 and chains[0][0][-1] is value
        if sole:
            kind: ConstructKind = chains[0][1]
        elif isinstance(node, cst.Expr) and is_edge(node.value):
            kind = "edge"
        else:
            kind = "constant" if names else "statement"
        name = names[0] if names else statement_name(node)
        item = self.page.add(
            kind,
            name,
            self.page.span(node),
            starts=[self.page.start(chains[0][0][-1])] if sole else (),
            executed=executed,
            parent=parent,
            node=node,
            bound=names,
            builds=bool(chains) or any(map(self.making.calls_dag_function, calls_in(node))),
        )
        self.arguments.note_values(node)
        self._make(chains, item, sole=sole, executed=executed)

    def _chains(self, node: cst.CSTNode) -> Iterable[tuple[list[cst.Call], Makes]]:
        seen: set[int] = set()
        for call in calls_in(node):
            if id(call) in seen:
                continue
            chain = chained_calls(call)
            makes = self.making.of_chain(chain, self.page.start(call))
            if makes is not None:
                seen.update(map(id, chain))
                yield chain, makes

    def _make(
        self,
        chains: Iterable[tuple[list[cst.Call], Makes]],
        item: Found,
        *,
        sole: bool,
        executed: bool,
    ) -> None:
        """The things that are made in a statement, each with its arguments."""
        for chain, makes in chains:
            thing = item
            if not sole:
                thing = self.page.add(
                    makes,
                    statement_name(chain[0]),
                    self.page.span(chain[-1]),
                    executed=executed,
                    parent=item,
                    node=chain[-1],
                    builds=True,
                )
            for call in gives_options(chain):
                self.arguments.of_call(call, makes, thing, executed=executed)

    # Compound statements

    def _compound(self, node: cst.CSTNode, parent: Found | None) -> None:
        executed = self._executed(node)
        parts = heads(node)
        chains = [chain for head in parts for chain in self._chains(head)]
        sole = isinstance(node, cst.With) and len(chains) == len(parts) == 1
        kind: ConstructKind = chains[0][1] if sole else "statement"
        item = self.page.add(
            kind,
            statement_name(node),
            self.page.span(node, parts[-1]) if parts else self._keyword(node),
            starts=[self.page.start(chains[0][0][-1])] if sole else (),
            executed=executed,
            parent=parent,
            node=node,
            builds=bool(chains),
        )
        self._make(chains, item, sole=sole, executed=executed)
        before = len(self.page.found)
        for body in bodies(node):
            self._block(body, item)
        item.builds = item.builds or any(inner.builds for inner in self.page.found[before:])

    def _keyword(self, node: cst.CSTNode) -> Span:
        whole = self.page.span(node)
        word = statement_name(node)
        return Span(whole.file, whole.line, whole.column, whole.line, whole.column + len(word))

    # Definitions

    def _function(self, node: cst.FunctionDef, parent: Found | None) -> None:
        executed = self._executed(node)
        makes = self.making.of_decorators(node)
        name = node.name.value
        if makes is not None:
            self.making.functions[name] = makes
        span = self.page.span(node)
        builds = self._made_inside(span) or makes in ("dag", "group")
        entered = builds or bool(_MAKING.search(self.page.positions.code(node)))
        kind: ConstructKind = makes if makes in ("dag", "group") else "function"
        item = self.page.add(
            kind,
            name,
            self.page.span(node, node.name) if entered else span,
            starts=[self.page.start(node.name)],
            executed=executed,
            parent=parent,
            node=node,
            bound=[name],
            builds=builds,
        )
        item.idle = entered and not builds
        for decorator in node.decorators:
            if makes is not None and isinstance(decorator.decorator, cst.Call):
                self.arguments.of_call(decorator.decorator, makes, item, executed=executed)
        if entered:
            self._block(list(node.body.body), item, top=True)

    def _made_inside(self, span: Span) -> bool:
        return any(
            (span.line, span.column) <= start < (span.end_line, span.end_column)
            for start in self.making.made
        )

    def _class(self, node: cst.ClassDef, parent: Found | None) -> None:
        self.making.note_class(node)
        self.page.add(
            "class",
            node.name.value,
            self.page.span(node),
            executed=self._executed(node),
            parent=parent,
            node=node,
            bound=[node.name.value],
            builds=self._made_inside(self.page.span(node)),
        )
