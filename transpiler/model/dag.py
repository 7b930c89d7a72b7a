"""DagModel: what Airflow would build from a file, with the place in the source of everything."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

import libcst as cst

from transpiler.model.finding import Finding
from transpiler.model.span import Span
from transpiler.model.values import FunctionRef, Value
from transpiler.source.code import code_of

Origin = Literal[
    "task", "dag_default_args", "group_default_args", "dag", "operator_class", "partial"
]


@dataclass(frozen=True, eq=False, slots=True)
class NamedStatement:
    """A plain `name = expression` statement, and the loops of its scope that it stands in (outermost first)."""

    statement: cst.SimpleStatementLine
    loops: tuple[cst.For | cst.CompFor, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Scope:
    """The names that a source expression could see: one module, or one call of a function.

    `assignments` maps each name that only one plain `name = expression` statement binds to that statement; `values`
    holds what each name was bound to when the file had been read; `mutated` the identities of containers that were
    changed after they were made.
    """

    kind: Literal["module", "function"]
    module: str
    values: Mapping[str, Value]
    assignments: Mapping[str, NamedStatement]
    mutated: AbstractSet[int] = frozenset()
    reassigned: AbstractSet[str] = frozenset()
    """Names that more than one statement binds."""
    parent: Scope | None = None
    call_id: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class SourceExpression:
    """An expression of the source and the scope that it was evaluated in."""

    node: cst.BaseExpression
    scope: Scope
    tree: cst.Module

    @property
    def code(self) -> str:
        """The expression's source text."""
        return code_of(self.tree, self.node)


@dataclass(frozen=True, eq=False, slots=True)
class Argument:
    """One argument as it reaches the operator: value, place, and the expression it was written as."""

    name: str
    value: Value
    span: Span
    origin: Origin = "task"
    source: SourceExpression | None = None


@dataclass(frozen=True, eq=False, slots=True)
class LoopStep:
    """One turn of a `for` statement or comprehension over known values that a task was made in."""

    loop: cst.For | cst.CompFor
    entry: int
    """Numbers each execution of the statement, so that two runs of one loop are told apart."""
    index: int
    count: int
    scope: Scope
    targets: Mapping[str, Value]
    leading_comments: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Expansion:
    """Run-time mapping: `expand(x=…)` or `expand_kwargs(…)`."""

    kind: Literal["expand", "expand_kwargs"]
    arguments: Mapping[str, Argument]
    """By parameter, in order; `expand_kwargs` has one, `kwargs`."""


@dataclass(frozen=True, eq=False, slots=True)
class OperatorClass:
    """A class of the project that does work of its own over a class from outside, its `base`.

    `module` is its file relative to the project root; `parameters` are those that its `__init__`,
    and those of the project's classes under it, name.
    """

    name: str
    module: str
    node: cst.ClassDef
    span: Span
    base: str
    parameters: AbstractSet[str] = frozenset()
    template_ext: tuple[str, ...] = ()
    closure: Mapping[str, Value] = field(default_factory=dict)
    """Nothing: such a class stands in a module."""


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """One task. `task_id` and `upstream` are Airflow's ids with group prefixes.

    `operator` is the qualified name of the class whose behaviour the task has (the outside base of a user's
    subclass; `operator_class` is the name in the source). For `@task` functions it is the decorator's operator,
    `airflow.decorators.task` and so on, and `function` is the decorated function. `own_class` is the class of a
    task whose class brings its own work; `arguments` then has what it was called with, too.
    """

    task_id: str
    operator: str
    operator_class: str
    arguments: Mapping[str, Argument]
    upstream: tuple[str, ...]
    span: Span
    call: cst.CSTNode
    scope: Scope
    loops: tuple[LoopStep, ...] = ()
    group: str | None = None
    mapped: Expansion | None = None
    function: FunctionRef | None = None
    own_class: OperatorClass | None = None
    own_arguments: Mapping[str, Argument] = field(default_factory=dict)
    """What `own_class` is called with."""
    call_arguments: tuple[Argument, ...] = ()
    """Arguments of the call of a `@task` function, positional ones bound to their parameter names."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Label texts by upstream task id."""
    is_setup: bool = False
    is_teardown: bool = False
    comments: tuple[str, ...] = ()
    """Comment lines directly above the statement, with their `#`."""
    trailing_comment: str | None = None
    variable: str | None = None
    """The name that the source bound the task to."""


@dataclass(frozen=True, eq=False, slots=True)
class Group:
    """A TaskGroup by its full id. `prefix` says whether its children's ids begin with its own."""

    group_id: str
    parent: str | None
    tooltip: str
    span: Span
    label: str
    prefix: bool = True
    label_source: SourceExpression | None = None
    mapped: Expansion | None = None
    """What a mapped `@task_group` runs over."""


@dataclass(frozen=True, eq=False, slots=True)
class Dag:
    """One DAG of a file; `tasks` in the order in which they were made."""

    dag_id: str
    arguments: Mapping[str, Argument]
    default_args: Mapping[str, Argument]
    tasks: tuple[Task, ...]
    groups: tuple[Group, ...]
    span: Span
    scope: Scope
    doc: str | None = None
    """Docstring of a `@dag` function."""
    findings: tuple[Finding, ...] = ()

    def task(self, task_id: str) -> Task:
        """The task of that id; KeyError where there is none."""
        return _tasks_by_id(self)[task_id]

    def mapped_group(self, task: Task) -> Group | None:
        """The innermost mapped group that the task stands in."""
        groups = _groups_by_id(self)
        group = groups.get(task.group or "")
        while group is not None and group.mapped is None:
            group = groups.get(group.parent or "")
        return group


@lru_cache(maxsize=8)
def _tasks_by_id(dag: Dag) -> Mapping[str, Task]:
    return {task.task_id: task for task in dag.tasks}


@lru_cache(maxsize=8)
def _groups_by_id(dag: Dag) -> Mapping[str, Group]:
    return {group.group_id: group for group in dag.groups}


@dataclass(frozen=True, slots=True)
class AirflowRelease:
    """The Airflow that a file is for, and what says so; None where it was assumed."""

    major: int
    minor: int
    source: str | None = None

    @property
    def shown(self) -> str:
        """The version as text."""
        return f"{self.major}.{self.minor}"


@dataclass(frozen=True, eq=False, slots=True)
class SourceModule:
    """A parsed module of the project, kept for taking over its code and comments."""

    path: str
    tree: cst.Module
    name: str
    imports: Mapping[str, str]
    """Module-level names bound by imports, and the qualified name of each."""
    docstring: str | None
    package_dirs: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class DagFile:
    """What one file makes: its DAGs, the modules it consists of (itself first), and what was found in reading."""

    path: str
    dags: tuple[Dag, ...]
    modules: Mapping[str, SourceModule]
    findings: tuple[Finding, ...]
    error: str | None = None
    encoding: str = "utf-8"
    files_read: tuple[str, ...] = ()
    airflow: AirflowRelease = AirflowRelease(2, 11)
    executed: AbstractSet[int] = frozenset()
    """Identities of the statements of `modules` that reading has run."""
    outside: Mapping[int, str] = field(default_factory=dict)
    """What an expression statement called outside the project, by the identity of the statement."""
