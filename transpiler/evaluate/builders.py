"""DAGs, groups, tasks and what TaskFlow makes of them, while a file is evaluated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import libcst as cst

from transpiler.evaluate.objects import UserClass, UserFunction
from transpiler.model.dag import Argument, Expansion, LoopStep, Scope, SourceExpression
from transpiler.model.span import Span


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
    attributes: dict[str, Any] = field(default_factory=dict)
    """What a subclass of the project keeps on it."""
    cls: UserClass | None = None


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
    expansion: Expansion | None = None
    """What a mapped group runs over."""
    attributes: dict[str, Any] = field(default_factory=dict)
    cls: UserClass | None = None

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
        """Tasks without a downstream task inside the group; what is before them stands for teardowns
        (`TaskGroup.get_leaves` in `airflow/utils/task_group.py`).
        """
        inside = self.members()
        names = set(map(id, inside))
        downstream: dict[TaskBuilder, list[TaskBuilder]] = {task: [] for task in inside}
        for task in inside:
            for before in task.upstream:
                if id(before) in names:
                    downstream[before].append(task)
        found: dict[TaskBuilder, None] = {}
        stack = [task for task in reversed(inside) if not downstream[task]]
        while stack:
            task = stack.pop()
            if not task.is_teardown:
                found[task] = None
                continue
            for before in task.upstream:
                if id(before) not in names or (before.is_setup and not before.is_teardown):
                    continue
                others = [t for t in downstream[before] if t is not task and not t.is_teardown]
                if before.is_teardown or not others:
                    stack.append(before)
        return list(found)


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
    own_arguments: dict[str, Argument] = field(default_factory=dict)
    """What a class of the project was called with, and what its `__init__` took of default_args."""


@dataclass(eq=False)
class XCom:
    """The output of a task, or one key of it."""

    task: TaskBuilder
    key: str = "return_value"

    def template(self) -> str:
        """What `str` of it gives: a template that pulls the value (`PlainXComArg.__str__`)."""
        dag_id = self.task.dag.dag_id if self.task.dag is not None else None
        pull = f"task_ids='{self.task.task_id}', dag_id='{dag_id}', key='{self.key}'"
        return f"{{{{ task_instance.xcom_pull({pull}) }}}}"


@dataclass(eq=False)
class XComList:
    """`output.map(f)`, `output.zip(…)`, `output.concat(…)`: what a task can be mapped over."""

    kind: Literal["map", "zip", "concat"]
    sources: tuple[XCom | XComList, ...]
    function: Any = None
    """Of `map`."""
    fillvalue: Any = None
    filled: bool = False

    def tasks(self) -> list[TaskBuilder]:
        """The tasks whose outputs it is made of."""
        return [
            task
            for source in self.sources
            for task in (source.tasks() if isinstance(source, XComList) else [source.task])
        ]


@dataclass(eq=False)
class MappedParameter:
    """One element of what a mapped group runs over, in the group's body; `group` once there is one."""

    name: str
    group: GroupBuilder | None = None


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
