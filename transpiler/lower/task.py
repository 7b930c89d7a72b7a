"""One task to its step calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transpiler.lower.common import CommonOptions, take_common
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.lowered import LoweredTask
from transpiler.lower.reader import TaskReader
from transpiler.lower.reporting import report_once
from transpiler.lower.step_ids import quoted
from transpiler.lower.step_timeouts import with_timeout
from transpiler.lower.template_check import check_task_templates
from transpiler.model.dag import Task
from transpiler.model.finding import Finding, finding
from transpiler.model.pipeline import Expr, StepCall

if TYPE_CHECKING:
    from rules.registry import RuleRegistry
    from transpiler.lower.lowering import Lowering

NOT_TRANSLATED = "runtime.steps.not_translated"


def lower_task(task: Task, to: Lowering, registry: RuleRegistry) -> LoweredTask:
    """Lower one task. What has no translation becomes a step that raises with the finding's code."""
    reader = TaskReader(task)
    common = take_common(reader, to)
    check_task_templates(task, to)
    failure = _needs_dynamic(task, common)
    if failure is None:
        rule = registry.find(task.operator)
        if rule is None:
            shown = task.operator_class if task.operator_class != task.operator else task.operator
            failure = finding(
                "D2Z301", task.span, f"no rule translates {shown}", task_id=task.task_id
            )
        else:
            try:
                made = rule(reader, to)
            except UntranslatableError as error:
                failure = error.finding
            else:
                report_once(to, *reader.findings)
                _report_untaken(reader, to)
                calls = made if isinstance(made, list) else [made]
                return LoweredTask(task, with_timeout(calls, reader, common, to), common)
    report_once(to, failure)
    return LoweredTask(task, [_raising_step(task, failure, to)], common, failure=failure)


def _needs_dynamic(task: Task, common: CommonOptions) -> Finding | None:
    """Why a static pipeline cannot carry the task, or None."""
    if task.mapped is not None:
        detail = "the task is mapped; a static pipeline has a fixed number of steps"
        return finding("D2Z202", task.span, detail, task_id=task.task_id)
    if task.is_teardown:
        detail = "a teardown runs whatever happens before it"
        return finding("D2Z213", task.span, detail, task_id=task.task_id)
    for found in common.findings:
        if found.code == "D2Z201" and found.severity == "manual" and task.upstream:
            return found
    return None


def _report_untaken(reader: TaskReader, to: Lowering) -> None:
    for argument in reader.untaken():
        if argument.origin in ("dag_default_args", "group_default_args"):
            detail = f"{argument.name} in default_args: the operators that are translated have no such argument"
            report_once(to, finding("D2Z311", argument.span, detail))
        else:
            detail = f"{argument.name}: the rule does not know this argument"
            report_once(to, finding("D2Z302", argument.span, detail, task_id=reader.task_id))


def _raising_step(task: Task, failure: Finding, to: Lowering) -> StepCall:
    module = to.dag_file.modules.get(task.scope.module)
    original = module.tree.code_for_node(task.call).strip() if module is not None else ""
    comments = tuple(f"# {line}".rstrip() for line in original.splitlines()) if original else ()
    return StepCall(
        function=NOT_TRANSLATED,
        step_id=Expr(""),
        task_id=task.task_id,
        args=(
            Expr(quoted(failure.code)),
            Expr(quoted(failure.message)),
            Expr(quoted(str(failure.span))),
        ),
        assign=to.callables.output_variables.get(task.task_id),
        comments=(f"# {failure.code}: {' '.join(failure.message.split())}", *comments),
        span=task.span,
    )
