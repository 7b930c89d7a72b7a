"""Whether a DAG becomes a static or a dynamic pipeline, and why.

A static pipeline runs a step when all steps before it succeeded, and nothing else. What needs more than that of
Airflow's scheduler makes the pipeline dynamic.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import libcst as cst

from transpiler.lower.airflow_names import FAIL, SKIP
from transpiler.lower.airflow_uses import reached, runtime_uses
from transpiler.lower.dag_callbacks import called_at_end
from transpiler.lower.parallelism import limit_of_run
from transpiler.lower.project_modules import modules_of
from transpiler.lower.reader import TaskReader
from transpiler.lower.template_names import OTHERS
from transpiler.lower.trigger_rules import matters, rule_name
from transpiler.model.dag import Dag, DagFile, OperatorClass, Task
from transpiler.model.finding import Finding, finding
from transpiler.model.span import Span
from transpiler.model.values import FunctionRef, PartialRef, Value

if TYPE_CHECKING:
    from rules.registry import RuleRegistry
    from transpiler.config import MigrationConfig

Kind: TypeAlias = Literal["static", "dynamic"]
Requested: TypeAlias = Literal["static", "dynamic", "auto"]
_SHOWN = 3

_OF_TASK = {
    "depends_on_past": "tasks wait for their own earlier run (depends_on_past)",
    "wait_for_downstream": "tasks wait for the tasks after their own earlier run (wait_for_downstream)",
}
"""Arguments of many operators that need the scheduler where they are set."""

_OF_DAG = {
    "dagrun_timeout": "the run as a whole has a time limit (dagrun_timeout)",
    "fail_stop": "the first failure stops the run (fail_stop)",
    "fail_fast": "the first failure stops the run (fail_fast)",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Something that a static pipeline cannot do."""

    text: str
    span: Span
    task_id: str | None = None
    skips: bool = False
    """Whether the task itself may be skipped, by what it does."""


@dataclass(frozen=True, slots=True)
class Mode:
    """What a DAG becomes, what was asked for, and what speaks against a static pipeline."""

    kind: Kind = "static"
    requested: Requested = "auto"
    reasons: tuple[Reason, ...] = ()

    @property
    def dynamic(self) -> bool:
        """Whether the pipeline is dynamic."""
        return self.kind == "dynamic"

    @property
    def reason(self) -> str:
        """The choice in one line, for the report."""
        asked = "" if self.requested == "auto" else f"asked for by --mode {self.requested}"
        texts = list(dict.fromkeys(reason.text for reason in self.reasons))
        shown = "; ".join(texts[:_SHOWN])
        if len(texts) > _SHOWN:
            shown += f"; and {len(texts) - _SHOWN} more"
        if not texts:
            shown = "every task waits for the success of all tasks before it"
        if not asked:
            return shown
        return f"{asked}, although {shown}" if self.kind == "static" and texts else asked

    def may_skip(self, task: Task) -> bool:
        """Whether the task itself may be skipped, by what it does; an instance of a mapped one may do
        anything.
        """
        skips = any(reason.skips and reason.task_id == task.task_id for reason in self.reasons)
        return skips or task.mapped is not None

    def findings(self, dag: Dag) -> tuple[Finding, ...]:
        """What was asked for and cannot be right (D2Z220), and what a dynamic pipeline needs (D2Z221)."""
        if self.dynamic:
            return (finding("D2Z221", dag.span, f"the pipeline is dynamic: {self.reason}"),)
        return tuple(
            finding("D2Z220", reason.span, f"--mode static: {reason.text}", task_id=reason.task_id)
            for reason in self.reasons
        )


STATIC = Mode()


def choose_mode(
    dag_file: DagFile, dag: Dag, config: MigrationConfig, registry: RuleRegistry
) -> Mode:
    """Look for what needs Airflow's scheduler, before anything is lowered."""
    requested = config.mode_of(dag.dag_id)
    reasons = (*_of_dag(dag, config), *_Tasks(dag_file, dag, registry).reasons())
    if requested == "auto":
        return Mode("dynamic" if reasons else "static", requested, reasons)
    return Mode(requested, requested, reasons)


def _of_dag(dag: Dag, config: MigrationConfig) -> Iterator[Reason]:
    for argument in called_at_end(dag, config):
        yield Reason(f"{argument.name} of the DAG is called once for the run", argument.span)
    for name, text in _OF_DAG.items():
        given = dag.arguments.get(name)
        if given is not None and given.value:
            yield Reason(text, given.span)
    limit = limit_of_run(dag)
    if limit is not None:
        yield Reason(f"{limit.name} limits how many tasks run at one time", limit.span)


class _Tasks:
    def __init__(self, dag_file: DagFile, dag: Dag, registry: RuleRegistry) -> None:
        self._dag = dag
        self._registry = registry
        self._modules = modules_of(dag_file)
        self._raises: dict[FunctionRef | OperatorClass, dict[str, list[Span]]] = {}

    def reasons(self) -> Iterator[Reason]:
        """Of all tasks, in order."""
        for task in self._dag.tasks:
            for text, span in self._of(task):
                yield Reason(text, span, task.task_id)
            for text, span in self._skipping(task):
                yield Reason(text, span, task.task_id, skips=True)

    def _of(self, task: Task) -> Iterator[tuple[str, Span]]:
        if task.mapped is not None or self._dag.mapped_group(task) is not None:
            yield "tasks are mapped over values that are known at run time", task.span
        if task.is_teardown:
            yield "a teardown runs whatever happens before it", task.span
        rule = rule_name(task)
        if matters(task, rule):
            argument = task.arguments["trigger_rule"]
            yield f"the trigger rule {rule} of {task.task_id}", argument.span
        for name, text in _OF_TASK.items():
            given = task.arguments.get(name)
            if given is not None and given.value not in (None, False, [], ()):
                yield text, given.span
        pool = task.arguments.get("pool")
        if pool is not None and pool.value not in (None, "default_pool"):
            yield "a pool limits how many tasks run at one time", pool.span
        yield from self._failing(task)
        yield from self._looking(task)

    def _skipping(self, task: Task) -> Iterator[tuple[str, Span]]:
        given = task.arguments.get("soft_fail")
        if given is not None and given.value:
            yield "a sensor that fails is skipped (soft_fail)", given.span
        rule = self._registry.find_for(task)
        text = None if rule is None else rule.needs_dynamic(TaskReader(task))
        if text is not None:
            yield text, task.span
        for ref in _code(task):
            for span in self._raised(ref)[SKIP]:
                yield f"{ref.name} can skip its task", span

    def _failing(self, task: Task) -> Iterator[tuple[str, Span]]:
        retries = task.arguments.get("retries")
        if retries is None or not retries.value:
            return
        for ref in _code(task):
            for span in self._raised(ref)[FAIL]:
                yield f"{ref.name} can fail without a retry", span

    def _looking(self, task: Task) -> Iterator[tuple[str, Span]]:
        """Only the scheduler knows the states of tasks that did not run."""
        for ref in (*_code(task), *_callbacks(task)):
            for piece in reached(self._modules, ref):
                for call in piece.parts.calls:
                    if isinstance(call.func, cst.Attribute) and call.func.attr.value in OTHERS:
                        span = self._modules.span(piece.path, call)
                        yield f"{ref.name} looks at the states of other tasks", span

    def _raised(self, ref: FunctionRef | OperatorClass) -> dict[str, list[Span]]:
        if ref not in self._raises:
            pieces = reached(self._modules, ref)
            self._raises[ref] = {
                name: runtime_uses(self._modules, pieces, name) for name in (SKIP, FAIL)
            }
        return self._raises[ref]


def _code(task: Task) -> Iterator[FunctionRef | OperatorClass]:
    """The functions of the project that the task calls when it runs, and the class that it is of."""
    if task.own_class is not None:
        yield task.own_class
    yield from _functions(
        [
            task.function,
            *(
                argument.value
                for name, argument in task.arguments.items()
                if not name.startswith("on_") and argument.origin != "dag_default_args"
            ),
        ]
    )


def _callbacks(task: Task) -> Iterator[FunctionRef]:
    """The functions of the project that Airflow calls when the task ends."""
    for name, argument in task.arguments.items():
        if name.startswith("on_"):
            value = argument.value
            yield from _functions([*value] if isinstance(value, (list, tuple)) else [value])


def _functions(values: Iterable[Value]) -> Iterator[FunctionRef]:
    for value in values:
        while isinstance(value, PartialRef):
            value = value.func
        if isinstance(value, FunctionRef):
            yield value
