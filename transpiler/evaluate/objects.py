"""Objects that exist only while a file is evaluated."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from transpiler.evaluate.frames import Frame
from transpiler.model.dag import Argument, Expansion, LoopStep, Scope, SourceExpression
from transpiler.model.span import Span
from transpiler.model.values import FunctionRef


@dataclass(eq=False)
class ModuleValue:
    """An imported module of the project."""

    name: str
    path: str
    frame: Frame


@dataclass(eq=False)
class UserFunction:
    """A function of the project."""

    name: str
    node: cst.FunctionDef | cst.Lambda
    frame: Frame
    """Where it was defined."""
    defaults: dict[str, Any]
    span: Span
    is_generator: bool = False
    ref: FunctionRef | None = None
    """Its mark in the model, once it was exported."""


@dataclass(eq=False)
class UserClass:
    """A class of the project; `bases` are UserClass, Ref or other values."""

    name: str
    bases: tuple[Any, ...]
    namespace: dict[str, Any]
    module: str
    node: cst.ClassDef
    annotations: tuple[str, ...] = ()
    is_dataclass: bool = False
    is_enum: bool = False
    span: Span | None = None
    order: list[Any] = field(default_factory=list)
    """The class order, once it was asked for."""

    def mro(self) -> list[Any]:
        """Own class, then bases depth first without repetition; outside bases as they are."""
        if not self.order:
            self.order.append(self)
            for base in self.bases:
                items = base.mro() if isinstance(base, UserClass) else [base]
                self.order.extend(item for item in items if item not in self.order)
        return self.order

    def lookup(self, name: str) -> Any:
        """A member of the class or its project bases; KeyError where there is none."""
        for item in self.mro():
            if isinstance(item, UserClass) and name in item.namespace:
                return item.namespace[name]
        raise KeyError(name)


@dataclass(eq=False)
class Instance:
    """An object of a project class."""

    cls: UserClass
    attributes: dict[str, Any] = field(default_factory=dict)


@dataclass(eq=False)
class BoundMethod:
    """A project function with its first argument."""

    function: Any
    receiver: Any


@dataclass(eq=False)
class SuperProxy:
    """`super()` inside a method: lookup goes on after `after` in the receiver's class order."""

    receiver: Any
    after: UserClass


@dataclass(eq=False)
class Builtin:
    """A function of the evaluator's own closed table. Gets the call; see `CallSite`."""

    name: str
    function: Callable[..., Any]
    wants_site: bool = False


@dataclass(eq=False)
class Partial:
    """`functools.partial`."""

    func: Any
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


@dataclass(eq=False)
class DagBuilder:
    """A DAG while it is built."""

    dag_id: str
    arguments: dict[str, Argument]
    default_args: dict[str, Argument]
    span: Span
    scope: Scope
    tasks: dict[str, TaskBuilder] = field(default_factory=dict)
    groups: dict[str, GroupBuilder] = field(default_factory=dict)
    root: GroupBuilder = None  # type: ignore[assignment]
    doc: str | None = None
    registered: bool = False
    """Whether Airflow would find it without a module-level name: used by `with`, or made by `@dag`.
    """


@dataclass(eq=False)
class GroupBuilder:
    """A TaskGroup while it is built; the DAG's root group has an empty id."""

    label: str
    parent: GroupBuilder | None
    dag: DagBuilder
    prefix: bool
    default_args: dict[str, Argument]
    tooltip: str
    span: Span
    children: list[TaskBuilder | GroupBuilder] = field(default_factory=list)
    label_source: SourceExpression | None = None
    """How the source wrote the label."""

    @property
    def group_id(self) -> str:
        """Full id with the prefixes of the groups around it."""
        return self.parent.child_id(self.label) if self.parent else self.label

    def child_id(self, label: str) -> str:
        """The id of a child as Airflow's TaskGroup.child_id makes it."""
        if self.prefix and self.parent is not None:
            return f"{self.group_id}.{label}"
        return label

    def members(self) -> list[TaskBuilder]:
        """All tasks of the group and the groups in it."""
        found: list[TaskBuilder] = []
        for child in self.children:
            found.extend(child.members() if isinstance(child, GroupBuilder) else [child])
        return found

    def roots(self) -> list[TaskBuilder]:
        """Tasks without an upstream task inside the group."""
        inside = self.members()
        names = set(map(id, inside))
        return [t for t in inside if not any(id(u) in names for u in t.upstream)]

    def leaves(self) -> list[TaskBuilder]:
        """Tasks without a downstream task inside the group; teardowns stand for what is before
        them.
        """
        inside = self.members()
        has_next = {id(u) for t in inside for u in t.upstream if not t.is_teardown}
        return [t for t in inside if id(t) not in has_next and not t.is_teardown]


@dataclass(eq=False)
class TaskBuilder:
    """A task while it is built."""

    task_id: str
    operator: str
    operator_class: str
    arguments: dict[str, Argument]
    dag: DagBuilder | None
    group: GroupBuilder | None
    span: Span
    call: cst.CSTNode
    scope: Scope
    loops: tuple[LoopStep, ...]
    upstream: dict[TaskBuilder, str | None] = field(default_factory=dict)
    expansion: Expansion | None = None
    function: UserFunction | None = None
    call_arguments: tuple[Argument, ...] = ()
    is_setup: bool = False
    is_teardown: bool = False
    comments: tuple[str, ...] = ()
    trailing_comment: str | None = None
    variable: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    cls: UserClass | None = None
    ready: bool = True
    """False until the base class's `__init__` was reached."""


@dataclass(eq=False)
class XCom:
    """The output of a task, or one key of it."""

    task: TaskBuilder
    key: str = "return_value"


@dataclass(eq=False)
class EdgeLabel:
    """`Label("text")` between two tasks."""

    text: str
    upstream: list[TaskBuilder] = field(default_factory=list)
    downstream: list[TaskBuilder] = field(default_factory=list)


@dataclass(eq=False)
class Decorated:
    """A function under `@task…`, `@task_group` or `@dag`, with the decorator's arguments (and
    `.override`, `.partial`).
    """

    kind: str
    """`dag`, `task_group`, or the qualified name of the task decorator."""
    function: UserFunction
    options: dict[str, Argument]
    partial: dict[str, Argument] = field(default_factory=dict)
    is_setup: bool = False
    is_teardown: bool = False


@dataclass(eq=False)
class Decorator:
    """`@task(...)` with arguments, waiting for its function."""

    kind: str
    options: dict[str, Argument]
    is_setup: bool = False
    is_teardown: bool = False


@dataclass(eq=False)
class PartialOperator:
    """`Operator.partial(…)`, waiting for `expand`."""

    target: Any
    arguments: dict[str, Argument]


@dataclass(eq=False)
class OpenFile:
    """A file opened for reading text."""

    text: str
