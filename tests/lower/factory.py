"""Makes tasks, functions and DAGs by hand, as evaluating a file would."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import libcst as cst

from transpiler.config import MigrationConfig
from transpiler.lower.callables import Callables
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.mode import Mode
from transpiler.lower.module_index import imports_in
from transpiler.lower.reader import TaskReader
from transpiler.lower.settings import Settings
from transpiler.model.dag import Argument, Dag, DagFile, Origin, Scope, SourceModule, Task
from transpiler.model.finding import Finding, finding
from transpiler.model.pipeline import Expr, Import
from transpiler.model.span import Span
from transpiler.model.values import FunctionRef, Value, is_known
from transpiler.source.positions import Positions

PATH = "dags/nightly.py"
SCOPE = Scope("module", PATH, {}, {})


def span(line: int = 1, path: str = PATH) -> Span:
    """A place in the DAG file."""
    return Span(path, line, 1)


def argument(name: str, value: Value, origin: Origin = "task", line: int = 1) -> Argument:
    """An argument without source expression."""
    return Argument(name, value, span(line), origin)


def task(
    task_id: str = "load",
    *,
    default_args: Mapping[str, Value] | None = None,
    upstream: tuple[str, ...] = (),
    function: FunctionRef | None = None,
    call: Mapping[str, Value] | None = None,
    variable: str | None = None,
    **arguments: Value,
) -> Task:
    """A task; `default_args` are under its own arguments, `call` has those of a TaskFlow call."""
    merged = {k: argument(k, v, "dag_default_args", 2) for k, v in (default_args or {}).items()}
    merged |= {k: argument(k, v, "task", 3) for k, v in arguments.items()}
    return Task(
        task_id=task_id,
        operator="airflow.operators.python.PythonOperator",
        operator_class="PythonOperator",
        arguments=merged,
        upstream=upstream,
        span=span(4),
        call=cst.Name("call"),
        scope=SCOPE,
        function=function,
        call_arguments=tuple(argument(k, v) for k, v in (call or {}).items()),
        variable=variable,
    )


def reader(**arguments: Any) -> TaskReader:
    """A reader of a task made by `task`."""
    return TaskReader(task(**arguments))


def module(source: str, path: str = PATH) -> SourceModule:
    """A parsed module of the project; its name is its path below the first folder."""
    tree = cst.parse_module(source)
    imports = {
        one.bound: one.module if one.member is None else f"{one.module}.{one.member}"
        for node in tree.body
        for one in imports_in(node)
    }
    name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return SourceModule(path, tree, name, imports, None)


def dag_file(*modules: SourceModule) -> DagFile:
    """A DAG file of these modules, the DAG's own first."""
    own = modules or (module(""),)
    return DagFile(own[0].path, (), {one.path: one for one in own}, ())


def dag(*tasks: Task, default_args: Mapping[str, Value] | None = None, **arguments: Value) -> Dag:
    """A DAG with these arguments."""
    return Dag(
        dag_id="nightly",
        arguments={k: argument(k, v, "dag", 5) for k, v in arguments.items()},
        default_args={
            k: argument(k, v, "dag_default_args", 2) for k, v in (default_args or {}).items()
        },
        tasks=tasks,
        groups=(),
        span=span(5),
        scope=SCOPE,
    )


def function(
    of: SourceModule, name: str, closure: Mapping[str, Value] | None = None
) -> FunctionRef:
    """The function of that name anywhere in the module; for `<lambda>` its first lambda."""
    finder = _Finder(name)
    of.tree.visit(finder)
    assert finder.found is not None, name
    place = Span(of.path, *Positions(of.tree).range(finder.found))
    return FunctionRef(name, of.path, finder.found, place, closure or {})


@dataclass
class PlainLowering:
    """What rules work with, where every value is written as a literal."""

    dag: Dag = field(default_factory=dag)
    dag_file: DagFile = field(default_factory=dag_file)
    config: MigrationConfig = field(default_factory=MigrationConfig)
    project_root: Path = Path()
    findings: list[Finding] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    mode: Mode = field(default_factory=Mode)

    def __post_init__(self) -> None:
        self.settings = Settings(self.dag.dag_id)
        self.callables = Callables(self, "nightly")  # type: ignore[arg-type]

    def expr(self, one: Argument) -> Expr:
        """The value as a literal."""
        return self.literal(one.value)

    def expr_of(self, value: Value, source: object) -> Expr:
        """The value as a literal."""
        return self.literal(value)

    def literal(self, value: Value) -> Expr:
        """The value as a literal."""
        if not is_known(value):
            raise UntranslatableError(finding("D2Z216", self.dag.span, "not known"))
        return Expr(repr(value))

    def use(self, import_: Import) -> None:
        """Note an import."""
        self.imports.append(import_)

    def find(self, one: Finding) -> None:
        """Note a finding."""
        self.findings.append(one)

    def codes(self) -> list[str]:
        """The codes that were found, in order."""
        return [one.code for one in self.findings]


class _Finder(cst.CSTVisitor):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.found: cst.FunctionDef | cst.Lambda | None = None

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        if node.name.value == self.name:
            self.found = node

    def visit_Lambda(self, node: cst.Lambda) -> None:
        if self.name == "<lambda>" and self.found is None:
            self.found = node
