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
    )


def _disposition(item: LoweredTask, findings: Iterable[Finding]) -> Disposition:
    severities = {f.severity for f in findings if f.task_id == item.task.task_id}
    if item.failure is not None or "manual" in severities:
        return "manual"
    return "approximated" if "warning" in severities else "mapped"
