"""One task to its step calls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from transpiler.lower.common import CommonOptions, take_common
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.lowered import LoweredTask
from transpiler.lower.mapping_groups import group_arguments
from transpiler.lower.mapping_tasks import mapped_call, mapped_reader
from transpiler.lower.mapping_values import ResultExpressions
from transpiler.lower.reader import TaskReader
from transpiler.lower.reporting import report_once
from transpiler.lower.step_extra import with_extra
from transpiler.lower.step_ids import quoted
from transpiler.lower.step_timeouts import with_timeout
from transpiler.lower.template_check import check_task_templates
from transpiler.model.dag import Group, Task
from transpiler.model.finding import Finding, finding
from transpiler.model.pipeline import Expr, Import, StepCall

if TYPE_CHECKING:
    from rules.registry import Rule, RuleRegistry
    from transpiler.lower.lowering import Lowering

NOT_TRANSLATED = "runtime.steps.not_translated"


def lower_task(task: Task, to: Lowering, registry: RuleRegistry) -> LoweredTask:
    """Lower one task. What has no translation becomes a step that raises with the finding's code."""
    reader = mapped_reader(task)
    to.results = ResultExpressions(to, to.callables.output_variables, task)
    common = take_common(reader, to)
    check_task_templates(reader.task, to)
    failure = _needs_dynamic(task, common, to)
    if failure is None:
        rule = registry.find_for(task)
        if rule is None:
            shown = task.operator_class if task.operator_class != task.operator else task.operator
            failure = finding(
                "D2Z301", task.span, f"no rule translates {shown}", task_id=task.task_id
            )
        else:
            try:
                calls = _calls(reader, rule, to)
            except UntranslatableError as error:
                failure = error.finding
            else:
                calls = with_extra(calls, reader, to)
                report_once(to, *reader.findings)
                _report_untaken(reader, to)
                common = _calling_when_skipped(common, reader, calls[-1], to)
                return LoweredTask(task, with_timeout(calls, reader, common, to), common)
    report_once(to, failure)
    return LoweredTask(task, [_raising_step(task, failure, to)], common, failure=failure)


def _calls(reader: TaskReader, rule: Rule, to: Lowering) -> list[StepCall]:
    """The calls that the rule makes, after steps that select keys of other results for them."""
    if reader.task.mapped is not None:
        return [_named(mapped_call(reader, lambda one: rule(one, to), to), to)]
    made = rule(reader, to)
    calls = [*made] if isinstance(made, list) else [made]
    assert to.results is not None
    calls[-1] = _named(calls[-1], to)
    return [*to.results.selections(), *calls]


def _named(call: StepCall, to: Lowering) -> StepCall:
    """The call with a name for its result, where another task takes it."""
    variable = to.callables.output_variables.get(call.task_id)
    return call if call.assign is not None else replace(call, assign=variable)


def _needs_dynamic(task: Task, common: CommonOptions, to: Lowering) -> Finding | None:
    """Why a static pipeline, where that is asked for, cannot carry the task, or None."""
    group = to.dag.mapped_group(task)
    if to.mode.dynamic:
        return None if group is None else _group_failure(group, task, to)
    if task.mapped is not None or group is not None:
        detail = "the task is mapped; a static pipeline has a fixed number of steps"
        return finding("D2Z202", task.span, detail, task_id=task.task_id)
    if task.is_teardown:
        detail = "a teardown runs whatever happens before it"
        return finding("D2Z213", task.span, detail, task_id=task.task_id)
    for found in common.findings:
        if found.code == "D2Z201" and found.severity == "manual" and task.upstream:
            return found
    return None


def _group_failure(group: Group, task: Task, to: Lowering) -> Finding | None:
    """Why what the group is mapped over has no translation, which its tasks cannot do without."""
    try:
        group_arguments(group, to, to.callables.output_variables)
    except UntranslatableError as error:
        return replace(error.finding, task_id=task.task_id)
    return None


def _calling_when_skipped(
    common: CommonOptions, reader: TaskReader, call: StepCall, to: Lowering
) -> CommonOptions:
    """Steps of the library are told whom to call when they are skipped; those of the steps module
    say it themselves.
    """
    library = call.function.startswith("runtime.")
    if not (library and to.mode.dynamic and to.mode.may_skip(reader.task)):
        return common
    name = to.callables.endings.hook(reader)
    if name is None:
        return common
    to.use(Import(f"steps.{to.callables.identifier}", name))
    called = {"on_skipped": Expr(name, frozenset({name}))}
    return replace(common, scheduling={**common.scheduling, **called})


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
