"""Takes functions of the project over into the steps module, with everything that they need."""

from __future__ import annotations

import builtins
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field

import libcst as cst

from transpiler.lower.airflow_names import is_airflow_module
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.function_defaults import with_defaults
from transpiler.lower.function_identity import function_identity
from transpiler.lower.methods import as_function, named_function
from transpiler.lower.module_index import Statement, TopLevel, nested_imports
from transpiler.lower.names_read import NamesOf
from transpiler.lower.prepared_statements import PreparedStatements, transformed
from transpiler.lower.project_modules import ProjectModules
from transpiler.lower.python_literals import NotALiteralError, literal
from transpiler.lower.source_edits import (
    Rewrite,
    attribute_chains,
    first_places,
    with_first_statements,
    without_body,
)
from transpiler.lower.source_names import SourceNames, missing
from transpiler.lower.step_definitions import StepEdit
from transpiler.lower.steps_namespace import StepsNamespace
from transpiler.model.finding import finding
from transpiler.model.span import Span
from transpiler.model.values import FunctionRef, Ref, Value, is_known
from transpiler.source.positions import statement_code

_BUILTINS = frozenset(dir(builtins))


@dataclass
class _Changes:
    """What changes in a statement: names, `module.name` chains, imports, lines put first."""

    renames: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    imports: dict[cst.CSTNode, None] = field(default_factory=dict)
    inject: list[str] = field(default_factory=list)

    @property
    def key(self) -> Hashable:
        """What a copy with the changes hangs on."""
        pairs = (frozenset(self.renames.items()), frozenset(self.attributes.items()))
        return (*pairs, frozenset(map(id, self.imports)), tuple(self.inject))


class FunctionSource:
    """Copies functions; the names that they read are made available by `SourceNames`."""

    def __init__(self, modules: ProjectModules, space: StepsNamespace) -> None:
        self._modules = modules
        self._space = space
        self._names = SourceNames(modules, space, self._copy_statement, self._code_of)
        self._prepared = PreparedStatements(modules, self._names)

    def emitted(self, ref: FunctionRef) -> str | None:
        """The name that the function already has in the module, or None."""
        if self._top_level(ref) is None:
            return self._space.functions.get(function_identity(ref))
        known = self._space.resolved.get((ref.module, ref.name))
        return None if known is None else known.name

    def function(
        self, ref: FunctionRef, edit: StepEdit | None = None, name: str | None = None
    ) -> str:
        """Copy a function with what it needs; gives its name in the module.

        `edit` makes it a step; `name` is what a lambda is called. Raises UntranslatableError:
        D2Z303 for a method, D2Z304 for a part of Airflow without equivalent, D2Z305 for something
        that is not found, D2Z216 for a value of an enclosing function that is not known.
        """
        known = self.emitted(ref)
        if known is not None:
            return known
        if ref.module not in self._modules:
            raise missing(f"the module of {ref.name} was not read", ref.span)
        self._prepared.of_tasks.update(getattr(ref.node, "decorators", ())[: ref.task_decorators])
        prefix = self._modules.stem(ref.module)
        if (top := self._top_level(ref)) is not None:
            emitted = self._names.claim(ref.module, ref.name)
            self._copy_statement(ref.module, top, edit)
            return emitted
        node = as_function(self._modules.index(ref.module).module.tree, ref)
        if isinstance(node, cst.Lambda):
            node = named_function(node, name)
        node = with_defaults(ref, node, self._names, self._space)
        emitted = self._space.claim(node.name.value, ("function", function_identity(ref)), prefix)
        self._space.functions[function_identity(ref)] = emitted
        changes = _Changes({node.name.value: emitted})
        self._space.define(self._copy(ref.module, node, changes, ref.closure, edit))
        return emitted

    def has_own_decorators(self, ref: FunctionRef) -> bool:
        """Whether the function has decorators that are not Airflow's."""
        if not isinstance(ref.node, cst.FunctionDef) or ref.module not in self._modules:
            return False
        own = ref.node.decorators[ref.task_decorators :]
        return not all(self._prepared.is_airflow_decorator(ref.module, one) for one in own)

    def outside(self, qualified: str, bound: str, span: Span) -> str:
        """Import something from outside of the project; gives its name in the module."""
        return self._names.outside(qualified, bound, span)

    def _top_level(self, ref: FunctionRef) -> TopLevel | None:
        if ref.module not in self._modules:
            return None
        statements = self._modules.index(ref.module).statements
        return next((one for one in statements if one.node is ref.node), None)

    def _copy_statement(self, path: str, one: TopLevel, edit: StepEdit | None = None) -> None:
        """Define a module-level statement once."""
        if (path, one.order) in self._space.copied:
            return
        self._space.copied.add((path, one.order))
        renames = {name: self._names.claim(path, name) for name in sorted(one.names.bound)}
        self._space.define(self._copy(path, one.node, _Changes(renames), {}, edit))

    def _code_of(self, path: str, one: TopLevel) -> str:
        return self._copy(path, one.node, _Changes(), {}, None)

    def _copy(
        self,
        path: str,
        node: Statement,
        changes: _Changes,
        closure: Mapping[str, Value],
        edit: StepEdit | None,
    ) -> str:
        """The text of a statement all of whose names are available."""
        tree = self._modules.index(path).module.tree
        prepared, names = self._prepared.of(path, node)  # kept, so that its id stays
        statement: cst.CSTNode = prepared
        if edit is not None and isinstance(prepared, cst.FunctionDef):
            statement = edit.without_annotations(prepared)
            names = self._prepared.names_of(statement_code(tree, statement), node, path)
        for name in self._names.in_order(path, names.read):
            if name in names.set_globally and not self._names.is_bound(path, name):
                continue
            self._make_available(path, node, name, closure, changes)
        self._replace_imports(path, statement, node, changes)
        key = ("copy", id(prepared), changes.key)
        if edit is None and key in self._modules.facts:
            text: str = self._modules.facts[key]
            return text
        statement = self._changed(path, node, statement, names, changes)
        if edit is not None and isinstance(statement, cst.FunctionDef):
            statement = edit.decorated(statement)
        text = statement_code(tree, statement)
        if edit is None:
            self._modules.facts[key] = text
        return text

    def _changed(
        self,
        path: str,
        node: Statement,
        statement: cst.CSTNode,
        names: NamesOf,
        changes: _Changes,
    ) -> cst.CSTNode:
        """The statement with its changes, and the lines that are put first."""
        statement = self._rewritten(path, statement, names, changes)
        if not changes.inject or isinstance(statement, cst.SimpleStatementLine):
            return statement
        if not isinstance(statement, cst.FunctionDef):
            detail = "a class or block reads a Variable or connection"
            raise missing(detail, self._span(path, node))
        tree = self._modules.index(path).module.tree
        self._refuse_early_reads(path, node, statement_code(tree, without_body(statement)))
        return with_first_statements(statement, changes.inject)

    def _refuse_early_reads(self, path: str, node: Statement, head: str) -> None:
        """A default that depends on a look-up would be worked out when the module is loaded."""
        for name in self._prepared.names_of(head, node, path).read:
            if self._names.is_looked_up(path, name):
                detail = f"the default {name} asks for a Variable or connection"
                raise missing(detail, self._span(path, first_places(node)[name]))

    def _make_available(
        self,
        path: str,
        node: Statement,
        name: str,
        closure: Mapping[str, Value],
        changes: _Changes,
    ) -> None:
        if name in changes.renames:
            return
        span = self._span(path, first_places(node).get(name, node))
        if name in closure:
            changes.renames[name] = self._enclosed(name, closure[name], span)
        elif name in _BUILTINS and not self._names.is_bound(path, name):
            return
        elif self._names.is_project_module(path, name):
            for chain in attribute_chains(node, name):
                changes.attributes.update(self._names.member_of_module(path, chain, span))
        elif self._names.is_airflow_module(path, name):
            for chain in attribute_chains(node, name):
                changes.attributes.update(self._names.member_of_airflow(path, chain, span))
        else:
            resolved = self._names.resolve(path, name, span)
            changes.renames[name] = resolved.name
            changes.inject += [code for code in resolved.inject if code not in changes.inject]

    def _enclosed(self, name: str, value: Value, span: Span) -> str:
        """A value of an enclosing function becomes a constant of the module."""
        if isinstance(value, FunctionRef):
            return self.function(value, name=name)
        if isinstance(value, Ref):
            return self._names.outside(value.qualified_name, name, span)
        try:
            if not is_known(value):
                raise NotALiteralError("it is known only when the DAG file runs")
            text, _ = literal(value, use=self._space.use)
        except NotALiteralError as error:
            detail = f"{name} of the enclosing function: {error}"
            raise UntranslatableError(finding("D2Z216", span, detail)) from error
        emitted = self._space.claim(name, ("constant", name, text), "this")
        self._space.define(f"{emitted} = {text}")
        return emitted

    def _replace_imports(
        self, path: str, statement: cst.CSTNode, original: Statement, changes: _Changes
    ) -> None:
        """Imports inside functions: those of Airflow and of the project become imports of the
        module.
        """
        if isinstance(statement, cst.SimpleStatementLine):
            return
        kept_or_replaced: dict[cst.CSTNode, set[bool]] = {}
        for node, one in nested_imports(statement):
            if is_airflow_module(self._names.qualified(path, one)):
                span = self._span(path, node, original)
                for chain in attribute_chains(statement, one.bound):
                    changes.attributes.update(self._names.member_of_airflow(path, chain, span, one))
                kept_or_replaced.setdefault(node, set()).add(False)
                continue
            name = self._names.imported_inside(path, one, self._span(path, node, original))
            kept_or_replaced.setdefault(node, set()).add(name is None)
            if name is not None:
                changes.renames[one.bound] = name.name
                changes.inject += [code for code in name.inject if code not in changes.inject]
        for found, kept in kept_or_replaced.items():
            if kept == {False}:
                changes.imports[found] = None
            elif False in kept:
                raise missing(
                    "one import statement takes names of the project and of others",
                    self._span(path, found, original),
                )

    def _rewritten(
        self, path: str, statement: cst.CSTNode, names: NamesOf, changes: _Changes
    ) -> cst.CSTNode:
        renames = {old: new for old, new in changes.renames.items() if old != new}
        imported = {one.bound for node, one in nested_imports(statement) if node in changes.imports}
        clash = sorted(renames.keys() & names.local - imported)
        if clash:
            raise missing(
                f"{clash[0]} means two things in one function and would have to be renamed",
                self._span(path, statement),
            )
        if not (renames or changes.attributes or changes.imports):
            return statement
        return transformed(statement, Rewrite(renames, changes.attributes, changes.imports))

    def _span(self, path: str, node: cst.CSTNode, fallback: cst.CSTNode | None = None) -> Span:
        span = self._modules.span(path, node)
        return self._modules.span(path, fallback) if span.line == 1 and fallback else span
