"""The arguments that every operator has, taken once for each task before its rule runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from transpiler.lower.argument_table import DAG_ONLY, ROWS, SCHEDULED, STRUCTURAL
from transpiler.lower.callbacks import lower_task_callbacks
from transpiler.lower.durations import seconds_text
from transpiler.lower.lookups import note_in_argument
from transpiler.lower.params import own_params, plain_params
from transpiler.lower.reader import TaskReader
from transpiler.lower.reporting import about, report_once
from transpiler.lower.retries import RETRY_ARGUMENTS, RETRY_IMPORT, lower_retry
from transpiler.lower.scheduling import WEIGHTS, carries_weight, lower_scheduling
from transpiler.lower.timeouts import lower_timeout
from transpiler.lower.trigger_rules import lower_trigger_rule
from transpiler.model.dag import Argument
from transpiler.model.finding import Finding
from transpiler.model.pipeline import Expr
from transpiler.model.values import Value

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering


@dataclass(frozen=True, slots=True)
class CommonOptions:
    """What the common arguments of one task became.

    `retry` and `hooks` (by the names `on_failure`, `on_success`, `on_start`, `on_end`) are step
    options; `retry_delay_seconds` is Airflow's value, also where nothing is retried. `timeout` is
    `execution_timeout_seconds` as an expression, for the argument `timeout_seconds` of library
    steps. `params` holds the task's own params, which the rule must still take. `findings` are
    already reported to `Lowering`.
    """

    retry: Expr | None = None
    retries: int = 0
    retry_delay_seconds: float = 300.0
    execution_timeout_seconds: float | None = None
    timeout: Expr | None = None
    hooks: Mapping[str, Expr] = field(default_factory=dict)
    trigger_rule: str = "all_success"
    params: Mapping[str, Value] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    scheduling: Mapping[str, Expr] = field(default_factory=dict)


def take_common(task: TaskReader, to: Lowering) -> CommonOptions:
    """Take the common arguments of a task; every one ends as an option or as a finding."""
    for argument in (*task.task.arguments.values(), *task.task.call_arguments):
        note_in_argument(argument, to.settings)
    dynamic = to.mode.dynamic
    findings = [*_unused(task, to), *_dates(task, to)]
    if own_params(task.task) is None:
        task.take("params")  # those of default_args are the DAG's
    retry = lower_retry({name: task.take(name) for name in RETRY_ARGUMENTS}, task.task_id)
    rule, rule_findings = lower_trigger_rule(task.task, task.take("trigger_rule"), dynamic=dynamic)
    scheduling: dict[str, Expr] = {}
    if dynamic:
        scheduling, scheduling_findings = lower_scheduling(task, rule, to)
        findings += scheduling_findings
    seconds, timeout_findings = lower_timeout(task)
    hooks, hook_findings = lower_task_callbacks(task, to, retry.wait)
    findings += [*retry.findings, *rule_findings, *timeout_findings, *hook_findings]
    if retry.expr is not None:
        to.use(RETRY_IMPORT)
    return CommonOptions(
        retry=retry.expr,
        retries=retry.retries,
        retry_delay_seconds=retry.delay_seconds,
        execution_timeout_seconds=seconds,
        timeout=None if seconds is None else Expr(seconds_text(seconds)),
        hooks=hooks,
        trigger_rule=rule,
        params=plain_params(own_params(task.task)),
        findings=report_once(to, *findings),
        scheduling=scheduling,
    )


def _unused(task: TaskReader, to: Lowering) -> list[Finding]:
    for name in STRUCTURAL:
        task.take(name)
    findings = []
    for row in ROWS:
        argument = task.take(row.name)
        if to.mode.dynamic and row.name in SCHEDULED and _carried(row.name, task, to):
            continue
        if argument is not None and argument.value not in row.silent:
            detail = f"{row.name}: {row.text}"
            findings.append(about(row.code, argument, detail, task_id=task.task_id))
    for name in DAG_ONLY:
        argument = task.task.arguments.get(name)
        if argument is not None and argument.origin in ("dag_default_args", "group_default_args"):
            task.take(name)
            detail = f"{name} is an argument of the DAG; Airflow ignores it in default_args"
            findings.append(about("D2Z311", argument, detail))
    return findings


def _carried(name: str, task: TaskReader, to: Lowering) -> bool:
    """Whether a dynamic pipeline has the limit: those over several runs only for mapped tasks."""
    if name in WEIGHTS:
        return carries_weight(name, task, to)
    if name == "pool_slots":
        pool = task.task.arguments.get("pool")
        return pool is not None and pool.value not in SCHEDULED["pool"]
    over_runs = name in ("task_concurrency", "max_active_tis_per_dag")
    return task.task.mapped is not None or not over_runs


def _dates(task: TaskReader, to: Lowering) -> list[Finding]:
    """A task's own dates; those of default_args are the DAG's, and go into SCHEDULE."""
    findings = []
    for name in ("start_date", "end_date"):
        argument = task.take(name)
        if argument is None or argument.value is None or argument.origin == "dag_default_args":
            continue
        if argument.value != _date_of_dag(name, to):
            detail = f"{name} of this one task: Airflow leaves the task out of runs before or after"
            findings.append(about("D2Z302", argument, detail, task_id=task.task_id))
    return findings


def _date_of_dag(name: str, to: Lowering) -> Value:
    argument: Argument | None = to.dag.arguments.get(name) or to.dag.default_args.get(name)
    return None if argument is None else argument.value
