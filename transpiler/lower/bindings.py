"""Names of the source that emitted expressions read: constants, loop targets, locals, imports."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import libcst as cst

from transpiler.lower.airflow_names import RUNTIME_NAMES
from transpiler.lower.free_names import SAFE_BUILTINS, called_names, free_names
from transpiler.lower.python_literals import NotALiteralError
from transpiler.lower.python_literals import literal as literal_text
from transpiler.model.dag import Dag, DagFile, LoopStep, NamedStatement, Scope, SourceExpression
from transpiler.model.pipeline import Assignment, Expr, Import
from transpiler.model.values import DAG_PARAM, Call, Value, is_known

RESERVED = frozenset(
    {
        "run",
        "pipeline",
        "launch",
        "step",
        "SCHEDULE",
        "RunContext",
        "DagSchedule",
        "StepRetryConfig",
        "annotations",
        "each",
    }
)
"""Names that the emitted module has for its own purposes."""
_MAX_LITERAL = 2000


class NotPortableError(Exception):
    """A name of the expression has no counterpart in the emitted module."""


class Bindings:
    """What emitted expressions need around them, in the order in which it was first needed.

    `constants` are module-level statements by name, `locals` assignments at the start of the pipeline function, and
    `loop_locals` assignments at the start of a loop's body, by the identity of the loop.
    """

    def __init__(self, dag_file: DagFile, dag: Dag, imports: set[Import]) -> None:
        self._file = dag_file
        self._dag = dag
        self._imports = imports
        self.constants: dict[str, str] = {}
        self.locals: dict[str, Assignment] = {}
        self.loop_locals: dict[int, dict[str, Assignment]] = {}
        self._homes: dict[str, object] = {}
        self._pending: set[str] = set()
        self.reserved: set[str] = set(RESERVED)
        self._loop_targets = {
            (id(step.scope), name)
            for task in dag.tasks
            for step in task.loops
            for name in step.targets
        }

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Forget what was added where the block raises NotPortableError."""
        saved = (
            dict(self.constants), dict(self.locals), {k: dict(v) for k, v in self.loop_locals.items()},
            set(self._imports), dict(self._homes),
        )  # fmt: skip
        try:
            yield
        except NotPortableError:
            self.constants, self.locals, self.loop_locals = saved[0], saved[1], saved[2]
            self._imports.clear()
            self._imports.update(saved[3])
            self._homes = saved[4]
            self._pending.clear()
            raise

    def require(
        self, names: Iterable[str], source: SourceExpression, loops: tuple[LoopStep, ...]
    ) -> dict[str, str]:
        """Make every name available; gives the names that must be replaced, and by what code.

        Raises NotPortableError.
        """
        replaced: dict[str, str] = {}
        called = called_names(source.node)
        for name in sorted(names):
            if name == "*":
                raise NotPortableError("the expression does more than compute")
            text = self._provide(name, source.scope, loops, called=name in called)
            if text is not None:
                replaced[name] = text
        return replaced

    def passing(self, name: str, scope: Scope) -> Value:
        """What a name of a function that is not emitted was bound to, while that was one value.

        Raises KeyError for other names.
        """
        home = _home(name, scope)
        if home is None or home.kind == "module" or home.call_id == self._dag.scope.call_id:
            raise KeyError(name)
        if name in home.reassigned or _changed(name, home):
            raise NotPortableError(f"{name} is bound more than once")
        return home.values[name]

    def module(self, name: str) -> None:
        """Make a module of Python's library available by its own name. Raises NotPortableError."""
        self._claim(name, name)
        self.imported(Import(name, None, None))

    def imported(self, import_: Import) -> None:
        """Have the emitted module import something."""
        self._imports.add(import_)

    def _provide(
        self, name: str, scope: Scope, loops: tuple[LoopStep, ...], *, called: bool
    ) -> str | None:
        home = _home(name, scope)
        if home is None:
            if name not in SAFE_BUILTINS:
                raise NotPortableError(name)
            return None
        for step in loops:
            if name in step.targets and step.scope is home:
                return None
        value = home.values[name]
        if isinstance(value, Call) and value.func == DAG_PARAM:
            return f'run.params["{value.args[0]}"]'
        if self._is_import(name, home):
            return None
        self._claim(name, home)
        if called:
            raise NotPortableError(f"{name} is a function of the project")
        self._assignment(name, home, loops)
        return None

    def _claim(self, name: str, home: object) -> None:
        """`home` is the scope of a name, or the qualified name of what is imported as it."""
        if name in self.reserved or self._homes.setdefault(name, home) != home:
            raise NotPortableError(f"{name} has another meaning in the emitted module")

    def _is_import(self, name: str, home: Scope) -> bool:
        module = self._file.modules.get(home.module)
        qualified = (
            module.imports.get(name) if module is not None and home.kind == "module" else None
        )
        if qualified is None or name in home.assignments:
            return False
        if qualified in RUNTIME_NAMES:
            # The pipeline module is loaded before a run has a configuration; see `variable_templates`.
            raise NotPortableError(f"{name} is read at run time")
        if qualified.split(".")[0] not in sys.stdlib_module_names:
            return False
        self._claim(name, qualified)
        head, _, last = qualified.rpartition(".")
        alias = None if last == name else name
        if head and not self._is_module(home.module, name):
            self._imports.add(Import(head, last, alias))
        else:
            self._imports.add(Import(qualified, None, None if qualified == name else name))
        return True

    def _is_module(self, path: str, name: str) -> bool:
        """Whether `import a.b as name`, not `from a import b`, bound the name."""
        for line in self._file.modules[path].tree.body:
            for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
                if isinstance(small, cst.Import):
                    for alias in small.names:
                        bound = alias.asname.name if alias.asname else alias.name
                        if isinstance(bound, cst.Name) and bound.value == name:
                            return True
        return False

    def _assignment(self, name: str, home: Scope, loops: tuple[LoopStep, ...]) -> None:
        if name in self._pending:
            raise NotPortableError(f"{name} depends on itself")
        self._pending.add(name)
        try:
            named = home.assignments.get(name)
            if home.kind == "module":
                self._constant(name, home, named, loops)
            elif home.call_id == self._dag.scope.call_id:
                self._local(name, home, named, loops)
            else:
                raise NotPortableError(f"{name} belongs to a function that is not emitted")
        finally:
            self._pending.discard(name)

    def _constant(
        self, name: str, home: Scope, named: NamedStatement | None, loops: tuple[LoopStep, ...]
    ) -> None:
        if named is not None and named.loops:
            self._loop_local(name, home, named, loops)
        elif name not in self.constants:
            own = home.module == self._file.path or not is_known(home.values[name])
            if named is not None and own and not _changed(name, home):
                self._require_value(named, home, loops)
                self.constants[name] = self._statement_text(name, named, home.module)
            else:
                self.constants[name] = f"{name} = {self._literal(name, home, named)}"

    def _local(
        self, name: str, home: Scope, named: NamedStatement | None, loops: tuple[LoopStep, ...]
    ) -> None:
        if named is not None and named.loops:
            self._loop_local(name, home, named, loops)
        elif name not in self.locals:
            if named is not None and not _changed(name, home):
                expr = self._require_value(named, home, loops)
                self.locals[name] = Assignment(name, expr, _leading(named.statement))
            elif (id(home), name) in self._loop_targets:
                raise NotPortableError(f"{name} is set by a loop that is not kept")
            else:
                self.locals[name] = Assignment(name, Expr(self._literal(name, home, named)))

    def _loop_local(
        self, name: str, home: Scope, named: NamedStatement, loops: tuple[LoopStep, ...]
    ) -> None:
        active = [step.loop for step in loops]
        if _changed(name, home) or list(named.loops) != active[: len(named.loops)]:
            raise NotPortableError(f"{name} is set in a loop that is not kept")
        inner = self.loop_locals.setdefault(id(named.loops[-1]), {})
        if name not in inner:
            expr = self._require_value(named, home, loops)
            inner[name] = Assignment(name, expr, _leading(named.statement))

    def _require_value(
        self, named: NamedStatement, home: Scope, loops: tuple[LoopStep, ...]
    ) -> Expr:
        value = _value_node(named.statement)
        tree = self._file.modules[home.module].tree
        source = SourceExpression(value, home, tree)
        names = free_names(value)
        if self.require(names, source, loops):
            raise NotPortableError("the assignment reads a parameter of the DAG")
        return Expr(tree.code_for_node(value).strip(), frozenset(names))

    def _statement_text(self, name: str, named: NamedStatement, module: str) -> str:
        tree = self._file.modules[module].tree
        value = tree.code_for_node(_value_node(named.statement)).strip()
        trailing = named.statement.trailing_whitespace.comment
        text = f"{name} = {value}" + (f"  {trailing.value}" if trailing else "")
        return "\n".join([*_leading(named.statement), text])

    def _literal(self, name: str, home: Scope, named: NamedStatement | None) -> str:
        value = home.values[name]
        bound_once = (
            named is not None or self._bound_by_import(name, home) or home.kind == "function"
        )
        changing = name in home.reassigned or _changed(name, home)
        if not bound_once or not is_known(value) or changing:
            raise NotPortableError(f"{name} is not a constant")
        try:
            code, imports = literal_text(value)
        except NotALiteralError as error:
            raise NotPortableError(str(error)) from error
        if len(code) > _MAX_LITERAL:
            raise NotPortableError(f"{name} is too long to repeat")
        self._imports.update(imports)
        return code

    def _bound_by_import(self, name: str, home: Scope) -> bool:
        module = self._file.modules.get(home.module)
        return module is not None and name in module.imports


def _home(name: str, scope: Scope | None) -> Scope | None:
    while scope is not None:
        if name in scope.values:
            return scope
        scope = scope.parent
    return None


def _changed(name: str, home: Scope) -> bool:
    return id(home.values[name]) in home.mutated


def _value_node(statement: cst.SimpleStatementLine) -> cst.BaseExpression:
    small = statement.body[0]
    value = small.value if isinstance(small, (cst.Assign, cst.AnnAssign)) else None
    if value is None:
        raise NotPortableError("not an assignment")
    return value


def _leading(statement: cst.SimpleStatementLine) -> tuple[str, ...]:
    """Comment lines directly above, without those that an empty line sets apart."""
    found: list[str] = []
    for line in reversed(statement.leading_lines):
        if line.comment is None:
            break
        found.append(line.comment.value)
    return tuple(reversed(found))
