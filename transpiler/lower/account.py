"""What became of a task, for the report."""

from __future__ import annotations

from collections.abc import Iterable

from transpiler.lower.lowered import LoweredTask
from transpiler.model.finding import Finding
from transpiler.model.pipeline import Disposition, TaskAccount


def account(item: LoweredTask, findings: Iterable[Finding], *, mapped: bool) -> TaskAccount:
    """The row of one task. `manual` where it needs a person, `approximated` where it needs a setting."""
    task, common = item.task, item.common
    return TaskAccount(
        task_id=task.task_id,
        operator=task.operator_class,
        step=item.calls[-1].function.rpartition(".")[2],
        steps=tuple(f"{task.task_id}{suffix}" for suffix in item.suffixes),
        upstream=tuple(sorted(task.upstream)),
        trigger_rule=common.trigger_rule,
        retries=common.retries,
        retry_delay_seconds=common.retry_delay_seconds,
        execution_timeout_seconds=common.execution_timeout_seconds,
        mapped=mapped,
        group=task.group,
        disposition=_disposition(item, findings),
        span=task.span,
        kind=item.calls[-1].kind,
        setup=task.is_setup,
        teardown=task.is_teardown,
        waits_for=_other_dag(item, "external_dag_id", unless="do_nothing"),
        triggers=_other_dag(item, "trigger_dag_id"),
    )


def _other_dag(item: LoweredTask, argument: str, unless: str = "") -> tuple[str, ...]:
    """The DAG that an argument names, where it is known from the file and the step heeds it."""
    given = item.task.arguments.get(argument)
    heeded = not (unless and item.calls[-1].function.endswith(f".{unless}"))
    return (given.value,) if given and isinstance(given.value, str) and heeded else ()


def _disposition(item: LoweredTask, findings: Iterable[Finding]) -> Disposition:
    severities = {f.severity for f in findings if f.task_id == item.task.task_id}
    if item.failure is not None or "manual" in severities:
        return "manual"
    return "approximated" if "warning" in severities else "mapped"
