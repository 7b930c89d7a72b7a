"""The evaluator's state for one file, and the helpers that its parts share."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import libcst as cst

from transpiler.evaluate.builders import DagBuilder, GroupBuilder, TaskBuilder
from transpiler.evaluate.changes import Journal
from transpiler.evaluate.errors import NotAssumedError
from transpiler.evaluate.frames import Frame
from transpiler.evaluate.iterators import Waiting
from transpiler.evaluate.limits import Budget
from transpiler.evaluate.setup_contexts import SetupContexts
from transpiler.model.dag import AirflowRelease, Argument, Origin, SourceExpression
from transpiler.model.finding import Finding, Severity, finding
from transpiler.model.span import Span
from transpiler.model.values import Call, Symbolic
from transpiler.source.positions import Positions

if TYPE_CHECKING:
    from transpiler.evaluate.alternatives import Alternatives
    from transpiler.evaluate.objects import UserClass


@dataclass(eq=False)
class ModuleSource:
    """A module of the project that is being evaluated."""

    path: str
    """Relative to the project root."""
    file: Path
    name: str
    tree: cst.Module
    positions: Positions
    mutated: set[int] = field(default_factory=set)
    encoding: str = "utf-8"


@dataclass(eq=False)
class Interpreter:
    """One evaluation: budget, DAGs made, modules loaded, findings."""

    project_root: Path
    main: Path
    budget: Budget = field(default_factory=Budget)
    dags: list[DagBuilder] = field(default_factory=list)
    dag_stack: list[DagBuilder] = field(default_factory=list)
    group_stack: list[GroupBuilder] = field(default_factory=list)
    setups: SetupContexts = field(default_factory=SetupContexts)
    modules: dict[str, Any] = field(default_factory=dict)
    """ModuleValue by path relative to the project root."""
    sources: dict[str, ModuleSource] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    broken: set[str] = field(default_factory=set)
    """Modules of the project that could not be parsed."""
    files_read: set[str] = field(default_factory=set)
    changed_paths: list[Path] = field(default_factory=list)
    """Files and folders of the project that the code makes, writes or removes when it runs."""
    import_roots: list[Path] = field(default_factory=list)
    mutated: set[int] = field(default_factory=set)
    keep_alive: list[Any] = field(default_factory=list)
    """Objects whose identities are in `mutated`."""
    unsure: bool = False
    """Whether a container may hold UnknownItems."""
    journals: list[Journal] = field(default_factory=list)
    """One for each piece of code around that may or may not run."""
    homeless: int = 0
    """Counts tasks that were made without a DAG."""
    airflow: AirflowRelease | None = None
    """The Airflow that the file is read for, once it was asked for; see `versions.target`."""
    defaults: dict[int, tuple[Any, Any]] = field(default_factory=dict)
    """Values that are not known, by identity, with what they are by the file's own defaults."""
    active: dict[int, list[int]] = field(default_factory=dict)
    """For each function that runs, by its node's identity: how many journals there were at each of its calls."""
    made: list[TaskBuilder | GroupBuilder] = field(default_factory=list)
    """Tasks and groups in the order in which they were made."""
    alternatives: list[Alternatives] = field(default_factory=list)
    """For each unknown condition around, what its other sides made."""
    results: dict[int, Any] = field(default_factory=dict)
    """What calls and comprehensions gave when they were evaluated last, by the node's identity."""
    waiting: dict[int, Waiting] = field(default_factory=dict)
    """Iterators whose items made tasks and were not asked for yet, by identity."""
    classes: list[UserClass] = field(default_factory=list)
    """The project's classes that were evaluated."""
    assuming: bool = False
    """Whether an expression is evaluated with those defaults."""
    events: int = 0
    """Counts tasks, edges, groups and DAGs made, to tell whether a piece of code builds structure.
    """
    calls: int = 0
    executed: set[int] = field(default_factory=set)
    """Identities of the statements that were run at least once."""
    outside: dict[int, str] = field(default_factory=dict)
    """What an expression statement called outside the project, by the identity of the statement."""

    def span(self, node: cst.CSTNode, frame: Frame) -> Span:
        """The place of a node."""
        return Span(frame.module.path, *frame.module.positions.range(node))

    def code(self, node: cst.CSTNode, frame: Frame) -> str:
        """The source text of a node."""
        positions: Positions = frame.module.positions
        return positions.code(node).strip()

    def symbolic(
        self, node: cst.CSTNode, frame: Frame, reason: str, parts: tuple[Any, ...] = ()
    ) -> Symbolic:
        """A value that is not known, as the text of its expression; `parts` where it is a text."""
        self.only_reads()
        source = (
            SourceExpression(node, frame.scope, frame.module.tree)
            if isinstance(node, cst.BaseExpression)
            else None
        )
        span = self.span(node, frame)
        value = Symbolic(self.code(node, frame), reason, span, parts, source)
        self.remember(value, node, frame)
        return value

    def remember(self, value: Symbolic | Call, node: cst.CSTNode, frame: Frame) -> None:
        """Find what a new value is by the file's own defaults, where it has met any."""
        if self.defaults:
            from transpiler.evaluate.defaults import remember

            remember(self, value, node, frame)

    def only_reads(self) -> None:
        """Called where something is about to change. Raises NotAssumedError while an expression is
        evaluated a second time, with defaults.
        """
        if self.assuming:
            raise NotAssumedError

    def argument(
        self, name: str, value: Any, node: cst.BaseExpression, frame: Frame, origin: Origin = "task"
    ) -> Argument:
        """An argument of a DAG, task or group with its place and source expression."""
        source = SourceExpression(node, frame.scope, frame.module.tree)
        return Argument(name, value, self.span(node, frame), origin, source)

    def report(
        self,
        code: str,
        node: cst.CSTNode,
        frame: Frame,
        detail: str,
        severity: Severity | None = None,
    ) -> None:
        """Add a finding once."""
        item = finding(code, self.span(node, frame), detail, severity=severity)
        if item not in self.findings:
            self.findings.append(item)

    def mutate(self, value: Any) -> None:
        """Remember that a container is about to be changed after it was made."""
        self.only_reads()
        self.mutated.add(id(value))
        self.keep_alive.append(value)
        if self.journals:
            self.journals[-1].note(value)

    @property
    def dag(self) -> DagBuilder | None:
        """The DAG of the innermost `with`."""
        return self.dag_stack[-1] if self.dag_stack else None

    @property
    def group(self) -> GroupBuilder | None:
        """The innermost open task group of the current DAG, or its root."""
        dag = self.dag
        if dag is None:
            return None
        for group in reversed(self.group_stack):
            if group.dag is dag:
                return group
        return dag.root


@dataclass(frozen=True, eq=False, slots=True)
class CallSite:
    """Where a call stands: its node, frame, and the nodes of its arguments by position and keyword."""

    ip: Interpreter
    node: cst.CSTNode
    frame: Frame
    arg_nodes: tuple[cst.BaseExpression, ...] = ()
    kwarg_nodes: dict[str, cst.BaseExpression] = field(default_factory=dict)
    arg_frames: dict[str, Frame] = field(default_factory=dict)

    def argument(self, name: str, value: Any, origin: Origin = "task") -> Argument:
        """The keyword argument of that name as the model keeps it; the call's place where it came
        by `**`.
        """
        node = self.kwarg_nodes.get(name)
        if node is None:
            span = self.ip.span(self.node, self.frame)
            return Argument(name, value, span, origin, None)
        return self.ip.argument(name, value, node, self.arg_frames.get(name, self.frame), origin)

    def symbolic(self, reason: str) -> Symbolic:
        """The call itself as a value that is not known."""
        return self.ip.symbolic(self.node, self.frame, reason)

    def call_mark(self, func: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Call:
        """The call of something outside the project."""
        ip = self.ip
        ip.only_reads()
        mark = Call(
            func, args, kwargs, ip.code(self.node, self.frame), ip.span(self.node, self.frame)
        )
        ip.remember(mark, self.node, self.frame)
        return mark
