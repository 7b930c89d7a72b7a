"""One DAG to its pipeline."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from transpiler.lower.account import account, severities
from transpiler.lower.body import BodyBuilder, UnlikeTurnsError
from transpiler.lower.callables import Callables
from transpiler.lower.common_dag import DagOptions, lower_dag_arguments
from transpiler.lower.dag_defaults import PipelineDefaults, pipeline_defaults
from transpiler.lower.deadlines import lower_deadlines
from transpiler.lower.edges import with_order
from transpiler.lower.group_options import group_options
from transpiler.lower.keeping import KeptLoops
from transpiler.lower.lowered import LoweredTask
from transpiler.lower.lowering import Lowering
from transpiler.lower.mapping import group_variables
from transpiler.lower.mapping_groups import MappedGroups
from transpiler.lower.mode import Mode, choose_mode
from transpiler.lower.outputs import output_variables
from transpiler.lower.reporting import report_once
from transpiler.lower.settings import Settings
from transpiler.lower.shared_options import CONSTANTS, shared_options
from transpiler.lower.sql_files import SqlFiles
from transpiler.lower.step_ids import quoted, step_id
from transpiler.lower.task import lower_task
from transpiler.lower.template_settings import lower_template_settings
from transpiler.model.dag import Dag, DagFile, Task
from transpiler.model.finding import Finding
from transpiler.model.pipeline import Expr, PipelineModel, Statement, StepCall

if TYPE_CHECKING:
    from rules.registry import RuleRegistry
    from transpiler.config import MigrationConfig


def identifier_of(dag_id: str) -> str:
    """A Python identifier made of a DAG id; the stem of the emitted files."""
    name = re.sub(r"\W", "_", dag_id, flags=re.ASCII).strip("_").lower() or "dag"
    return f"dag_{name}" if name[0].isdigit() or keyword.iskeyword(name) else name


def lower_dag(
    dag_file: DagFile,
    dag: Dag,
    config: MigrationConfig,
    registry: RuleRegistry,
    project_root: Path,
    *,
    identifier: str | None = None,
) -> PipelineModel:
    """Lower one DAG. What cannot be translated becomes a step that raises, and a finding.

    Loops whose turns turn out different are unrolled, and the DAG lowered again without them.
    """
    name = identifier or identifier_of(dag.dag_id)
    mode = choose_mode(dag_file, dag, config, registry)
    dropped: frozenset[int] = frozenset()
    while True:
        try:
            return _Pass(dag_file, dag, config, registry, project_root, name, dropped, mode).run()
        except UnlikeTurnsError as error:
            dropped |= error.entries


class _Pass:
    """One attempt, with the loops that are still believed to stay."""

    def __init__(
        self,
        dag_file: DagFile,
        dag: Dag,
        config: MigrationConfig,
        registry: RuleRegistry,
        project_root: Path,
        identifier: str,
        dropped: frozenset[int],
        mode: Mode,
    ) -> None:
        self.dag, self.dag_file, self.identifier = dag, dag_file, identifier
        self.registry = registry
        self.groups = {group.group_id: group for group in dag.groups}
        self.mode = mode
        self.to = Lowering(dag_file, dag, config, project_root, mode)
        self.to.settings = Settings(dag.dag_id)
        self.to.sql = SqlFiles(self.to, identifier)
        self.to.callables = Callables(self.to, identifier)
        self.to.expressions.bindings.reserved.update({identifier, *CONSTANTS.values()})
        self.kept = KeptLoops(dag_file, dag, dropped)
        self.kept.bind(self.to.expressions)

    def run(self) -> PipelineModel:
        report_once(self.to, *self.mode.findings(self.dag))
        options = lower_dag_arguments(self.to)
        lower_template_settings(self.to)
        variables = output_variables(self.dag)
        self.to.expressions.bindings.reserved.update(variables.values())
        self.to.expressions.bindings.reserved.update(group_variables(self.dag).values())
        tasks = [self._task(index) for index in range(len(self.dag.tasks))]
        self.extra = lower_deadlines(self.to)
        defaults = pipeline_defaults([item.common for item in tasks], dynamic=self.mode.dynamic)
        by_id = {item.task.task_id: item for item in tasks}
        groups = MappedGroups(self.to, variables)
        calls = {}
        named = group_options(tasks, self.groups) if self.mode.dynamic else {}
        shared, options_of = shared_options(defaults.step_options)
        for item, step_options in zip(tasks, options_of, strict=True):
            ordered = with_order(
                item, by_id, variables, self.kept, groups, dynamic=self.mode.dynamic
            )
            own_options = {**step_options, **named.get(item.task.task_id, {})}
            calls[item.task.task_id] = self._finish(item, ordered, own_options, defaults.dag_run)
        body = BodyBuilder(calls, self.kept, self.to.expressions, groups).build(tasks)
        return self._model(options, defaults, tasks, body, shared)

    def _task(self, index: int) -> LoweredTask:
        task = self.dag.tasks[index]
        loops = self.kept.of(task)
        expressions = self.to.expressions
        expressions.loops = loops
        try:
            item = lower_task(task, self.to, self.registry)
            item.loops = loops
            item.step_id = step_id(task, expressions, self.groups)
            item.suffixes = tuple(call.step_id.code for call in item.calls)
            item.calls = [
                replace(call, step_id=step_id(task, expressions, self.groups, call.step_id.code))
                for call in item.calls
            ]
        finally:
            expressions.loops = ()
        return item

    def _finish(
        self,
        item: LoweredTask,
        calls: list[StepCall],
        options: Mapping[str, Expr],
        shared: Mapping[str, Expr],
    ) -> list[StepCall]:
        """Step options on every call of the task, its comments on the first; `shared` is given once."""
        finished = [
            replace(
                call,
                options={**options, **call.options},
                scheduling={k: v for k, v in call.scheduling.items() if k not in shared},
            )
            for call in calls
        ]
        first = finished[0]
        finished[0] = replace(first, comments=(*item.task.comments, *first.comments))
        finished[-1] = replace(finished[-1], trailing_comment=item.task.trailing_comment)
        return finished

    def _model(
        self,
        options: DagOptions,
        defaults: PipelineDefaults,
        tasks: list[LoweredTask],
        body: tuple[Statement, ...],
        shared: list[str],
    ) -> PipelineModel:
        content = self.to.settings.content()
        findings = [*self.dag.findings, *self.to.findings, *self.to.settings.findings]
        told = severities(findings)
        return PipelineModel(
            dag_id=self.dag.dag_id,
            identifier=self.identifier,
            mode=self.mode.kind,
            mode_reason=_mode_reason(self.mode, tasks),
            docstring=options.doc or self._module_doc() or "",
            source_path=self.dag_file.path,
            imports=tuple(
                sorted(self.to.expressions.imports, key=lambda i: (i.module, i.name or ""))
            ),
            constants=(*self.to.expressions.bindings.constants.values(), *shared),
            decorator=self._decorator(options, defaults),
            body=body,
            schedule=options.schedule,
            schedule_text=options.schedule_text,
            steps_module=self.to.callables.build(),
            sql_files=dict(self.to.sql.files),
            config=content.config,
            config_comments=content.comments,
            params=options.params,
            tags=options.tags,
            tasks=tuple(
                account(item, told[item.task.task_id], mapped=self._is_mapped(item.task))
                for item in tasks
            ),
            findings=tuple(sorted(_unique(findings), key=lambda f: (f.span, f.code))),
            span=self.dag.span,
            start_date=options.start_date,
            catchup=options.catchup,
            dag_run={**options.dag_run, **defaults.dag_run},
        )

    def _is_mapped(self, task: Task) -> bool:
        return task.mapped is not None or self.dag.mapped_group(task) is not None

    def _decorator(self, options: DagOptions, defaults: PipelineDefaults) -> dict[str, Expr]:
        decorator = {"name": Expr(quoted(self.dag.dag_id))}
        if self.mode.dynamic:
            decorator["dynamic"] = Expr("True")
        decorator["enable_cache"] = Expr("False")
        if self.mode.dynamic:
            decorator["execution_mode"] = Expr("ExecutionMode.CONTINUE_ON_FAILURE")
        decorator.update(defaults.decorator)
        if options.tags:
            decorator["tags"] = self.to.literal(list(options.tags))
        if self.extra:
            decorator["extra"] = self.to.literal(dict(self.extra))
        return decorator

    def _module_doc(self) -> str | None:
        module = self.dag_file.modules.get(self.dag_file.path)
        return module.docstring if module is not None else None


def _mode_reason(mode: Mode, tasks: Iterable[LoweredTask]) -> str:
    raising = [item.task.task_id for item in tasks if item.failure is not None]
    if raising and not mode.reasons:
        return f"{len(raising)} of its tasks could not be translated and raise"
    return mode.reason


def _unique(findings: list[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))
