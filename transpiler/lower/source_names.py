"""Makes module-level names of the source available in the steps module."""

from __future__ import annotations

import builtins
from typing import Protocol

import libcst as cst

from transpiler.lower.airflow_names import (
    is_airflow,
    is_airflow_module,
    needs_airflow,
    runtime_import,
)
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.module_index import ImportedName, ModuleIndex, TopLevel, dotted
from transpiler.lower.project_modules import ProjectModules
from transpiler.lower.run_time_lookups import asks_at_import
from transpiler.lower.steps_namespace import Resolved, StepsNamespace
from transpiler.model.finding import finding
from transpiler.model.pipeline import Import
from transpiler.model.span import Span

_BUILTINS = frozenset(dir(builtins))
_FILE = (
    "the callable needs __file__, the place of the DAG file among its neighbours, which are not in the "
    "emitted project"
)


class CopyStatement(Protocol):
    """Defines one module-level statement of a source module in the steps module, once."""

    def __call__(self, path: str, one: TopLevel) -> None: ...


class CodeOfStatement(Protocol):
    """The text that a module-level statement of a source module has in the steps module."""

    def __call__(self, path: str, one: TopLevel) -> str: ...


class SourceNames:
    """Resolves names: imports, definitions of the project, Airflow's API."""

    def __init__(
        self,
        modules: ProjectModules,
        space: StepsNamespace,
        copy: CopyStatement,
        code_of: CodeOfStatement,
    ) -> None:
        self._modules = modules
        self._space = space
        self._copy = copy
        self._code_of = code_of

    def claim(self, path: str, name: str) -> str:
        """The name that a module-level definition has in the steps module."""
        emitted = self._space.claim(name, (path, name), self._modules.stem(path))
        self._space.resolved.setdefault((path, name), Resolved(emitted))
        return emitted

    def resolve(self, path: str, name: str, span: Span) -> Resolved:
        """Make a module-level name available. `span` is where it is read.

        Raises UntranslatableError (D2Z304, D2Z305).
        """
        if (path, name) not in self._space.resolved:
            resolved = self._found(path, self._modules.index(path), name, span)
            self._space.resolved[path, name] = resolved
        return self._space.resolved[path, name]

    def imported_inside(self, path: str, one: ImportedName, span: Span) -> Resolved | None:
        """What an import inside a function gives; None where the import can stay."""
        qualified = self.qualified(path, one)
        if is_airflow(qualified):
            return Resolved(self._airflow(qualified, one.bound, span))
        if self._modules.path_of(qualified) is not None:
            raise missing(f"{qualified} is a module of the project, imported in a function", span)
        target = self._modules.member(qualified) if one.member else None
        return None if target is None else self.resolve(*target, span)

    def outside(self, qualified: str, bound: str, span: Span) -> str:
        """Import a name from outside of the project, or copy a class of the project; gives the name
        that it has here.
        """
        own = self._modules.member(qualified)
        if own is not None and self.is_bound(*own):
            return self.resolve(*own, span).name
        if needs_airflow(qualified):
            return self._airflow(qualified, bound, span)
        module, _, member = qualified.rpartition(".")
        if module in ("", "builtins"):
            return member if member in _BUILTINS else self._space.use(Import(member, None, None))
        return self._space.use(Import(module, member, None if bound == member else bound))

    def is_bound(self, path: str, name: str) -> bool:
        """Whether the module itself gives the name a meaning."""
        index = self._modules.index(path)
        return bool(index.binding(name) or index.imported(name))

    def is_constant(self, path: str, name: str) -> bool:
        """Whether one plain statement of the module gives the name its value."""
        statements = self._modules.index(path).binding(name)
        return len(statements) == 1 and isinstance(statements[0].node, cst.SimpleStatementLine)

    def is_looked_up(self, path: str, name: str) -> bool:
        """Whether the name stands for statements that moved into the functions that read it."""
        resolved = self._space.resolved.get((path, name))
        return resolved is not None and bool(resolved.inject)

    def is_foreign(self, path: str, name: str) -> bool:
        """Whether the name is a part of Airflow that has no equivalent."""
        for one in self._modules.index(path).imported(name):
            qualified = self.qualified(path, one)
            own = not is_airflow(qualified) and self._modules.member(qualified) is not None
            foreign = needs_airflow(qualified) and not own
            return foreign and runtime_import(qualified, name) is None
        return False

    def is_project_module(self, path: str, name: str) -> bool:
        """Whether the name is bound to a module of the project."""
        imported = self._modules.index(path).imported(name)
        return any(self._modules.path_of(self.qualified(path, one)) for one in imported)

    def member_of_module(self, path: str, chain: str, span: Span) -> dict[str, str]:
        """The new name of `module.member`, for the longest module of the project that the chain
        starts with.
        """
        root = chain.partition(".")[0]
        for one in sorted(self._modules.index(path).imported(root), key=_depth, reverse=True):
            prefix = one.bound if one.alias or one.member else one.module
            target = self._modules.path_of(self.qualified(path, one))
            if target is not None and chain.startswith(f"{prefix}."):
                member = chain[len(prefix) + 1 :].partition(".")[0]
                resolved = self.resolve(target, member, span)
                if resolved.inject:
                    raise missing(f"{chain} asks for a Variable when its module is loaded", span)
                return {f"{prefix}.{member}": resolved.name}
        raise missing(f"{root} is a module of the project and is used as a value", span)

    def is_airflow_module(self, path: str, name: str) -> bool:
        """Whether the name is bound to Airflow, or to a module of it."""
        imported = self._modules.index(path).imported(name)
        return any(is_airflow_module(_head(self.qualified(path, one), one)) for one in imported)

    def member_of_airflow(
        self, path: str, chain: str, span: Span, inside: ImportedName | None = None
    ) -> dict[str, str]:
        """The new name of `exceptions.AirflowSkipException`, as of any member of a module of Airflow;
        `inside` is the import in a function that binds the module.

        Raises UntranslatableError (D2Z304) for a member without equivalent.
        """
        root, _, rest = chain.partition(".")
        imported = [inside] if inside is not None else self._modules.index(path).imported(root)
        head = next(_head(self.qualified(path, one), one) for one in imported)
        parts = rest.split(".") if rest else []
        for end in range(len(parts), 0, -1):
            import_ = runtime_import(".".join([head, *parts[:end]]), parts[end - 1])
            if import_ is not None:
                return {".".join([root, *parts[:end]]): self._space.use(import_)}
        detail = f"the callable uses {'.'.join([head, *parts])}, which has no equivalent"
        raise UntranslatableError(finding("D2Z304", span, detail))

    def in_order(self, path: str, names: frozenset[str]) -> list[str]:
        """Names in the order in which the module binds them, so that the copy keeps its order."""
        index = self._modules.index(path)

        def place(name: str) -> tuple[int, str]:
            statements = index.binding(name)
            return (statements[0].order if statements else -1, name)

        return sorted(names, key=place)

    def qualified(self, path: str, one: ImportedName) -> str:
        """The full name of what an import binds, dots of a relative import resolved."""
        module = self._modules.absolute(path, one.module)
        return module if one.member is None else f"{module}.{one.member}"

    def _found(self, path: str, index: ModuleIndex, name: str, span: Span) -> Resolved:
        if index.imported(name):
            return self._imported(path, index, name, span)
        statements = index.binding(name)
        if statements:
            return self._defined(path, statements, name, span)
        for star in index.stars():
            module = self._modules.path_of(self._modules.absolute(path, star))
            if module is not None and self._modules.index(module).binding(name):
                return self.resolve(module, name, span)
        if name == "__file__":
            raise missing(_FILE, span)
        raise missing(f"the callable needs {name}, which is not defined in {path}", span)

    def _defined(self, path: str, statements: list[TopLevel], name: str, span: Span) -> Resolved:
        if not all(one.can_be_copied for one in statements):
            raise missing(f"{name} is made by code that builds the DAG", span)
        if asks_at_import(self._modules, path, statements):
            return Resolved(name, self._moved_into_functions(path, statements, span))
        emitted = self.claim(path, name)
        for one in statements:
            self._copy(path, one)
        return Resolved(emitted)

    def _moved_into_functions(
        self, path: str, statements: list[TopLevel], span: Span
    ) -> tuple[str, ...]:
        codes: list[str] = []
        for one in statements:
            for read in self.in_order(path, one.names.read):
                if self.is_bound(path, read) and not self.is_project_module(path, read):
                    codes += self.resolve(path, read, span).inject
            codes.append(self._code_of(path, one))
        return tuple(dict.fromkeys(codes))

    def _imported(self, path: str, index: ModuleIndex, name: str, span: Span) -> Resolved:
        one = index.imported(name)[0]
        qualified = self.qualified(path, one)
        if is_airflow(qualified):
            return Resolved(self._airflow(qualified, name, span))
        target = self._modules.member(qualified) if one.member else None
        if target is not None:
            return self.resolve(*target, span)
        guarded = [found for found in index.binding(name) if _is_guard(found.node)]
        if guarded:
            return self._defined(path, guarded, name, span)
        if one.module.startswith("."):
            raise missing(f"the module of {qualified} was not read", span)
        if needs_airflow(qualified):
            return Resolved(self._airflow(qualified, name, span))
        emitted = name
        for binding in index.imported(name):
            emitted = self._space.use(Import(binding.module, binding.member, binding.alias))
        return Resolved(emitted)

    def _airflow(self, qualified: str, bound: str, span: Span) -> str:
        import_ = runtime_import(qualified, bound)
        if import_ is None:
            detail = f"the callable uses {qualified}, which has no equivalent"
            raise UntranslatableError(finding("D2Z304", span, detail))
        return self._space.use(import_)


def _head(qualified: str, one: ImportedName) -> str:
    """What the bound name itself stands for: `import airflow.exceptions` binds `airflow`."""
    return qualified if one.member or one.alias else one.bound


def missing(detail: str, span: Span) -> UntranslatableError:
    """Something that a callable needs is not there (D2Z305)."""
    return UntranslatableError(finding("D2Z305", span, detail))


def _depth(one: ImportedName) -> int:
    return one.module.count(".")


def _is_guard(node: cst.CSTNode) -> bool:
    """A `try` or `if` around imports; `if TYPE_CHECKING` guards nothing that runs."""
    if isinstance(node, cst.If):
        return dotted(node.test).rpartition(".")[2] != "TYPE_CHECKING"
    return isinstance(node, cst.Try)
