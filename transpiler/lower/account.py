"""What became of a task, for the report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set

from transpiler.lower.assets import asset_keys
from transpiler.lower.lowered import LoweredTask
from transpiler.lower.outlets import outlets_of
from transpiler.model.finding import Finding
from transpiler.model.pipeline import Disposition, TaskAccount


def severities(findings: Iterable[Finding]) -> dict[str | None, set[str]]:
    """How severe the findings of each task are; none for a task without."""
    found: dict[str | None, set[str]] = defaultdict(set)
    for item in findings:
        found[item.task_id].add(item.severity)
    return found


def account(item: LoweredTask, told: Set[str], *, mapped: bool) -> TaskAccount:
    """The row of one task, with the severities of its findings. `manual` where it needs a person,
    `approximated` where it needs a setting.
    """
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
        disposition=_disposition(item, told),
        span=task.span,
        kind=item.calls[-1].kind,
        setup=task.is_setup,
        teardown=task.is_teardown,
        waits_for=_other_dag(item, "external_dag_id", unless="do_nothing"),
        triggers=_other_dag(item, "trigger_dag_id"),
        updates=asset_keys(*outlets_of(task).assets),
    )


def _other_dag(item: LoweredTask, argument: str, unless: str = "") -> tuple[str, ...]:
    """The DAG that an argument names, where it is known from the file and the step heeds it."""
    given = item.task.arguments.get(argument)
    heeded = not (unless and item.calls[-1].function.endswith(f".{unless}"))
    return (given.value,) if given and isinstance(given.value, str) and heeded else ()


def _disposition(item: LoweredTask, told: Set[str]) -> Disposition:
    if item.failure is not None or "manual" in told:
        return "manual"
    return "approximated" if "warning" in told else "mapped"
