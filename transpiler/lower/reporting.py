"""Reporting findings about arguments: a default of the DAG is told once, not once for each task."""

from __future__ import annotations

from typing import TYPE_CHECKING

from transpiler.model.dag import Argument
from transpiler.model.finding import Finding, Severity, finding

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

_OF_ONE_TASK = frozenset({"task", "partial"})


def about(
    code: str,
    argument: Argument,
    detail: str,
    *,
    task_id: str | None = None,
    severity: Severity | None = None,
    remedy: str | None = None,
) -> Finding:
    """A finding at the argument's own place.

    An argument that comes from `default_args`, the DAG or an operator class belongs to no single
    task, so its finding carries no task id and is equal for every task that inherits it.
    """
    owner = task_id if argument.origin in _OF_ONE_TASK else None
    return finding(code, argument.span, detail, task_id=owner, severity=severity, remedy=remedy)


def report_once(to: Lowering, *findings: Finding) -> tuple[Finding, ...]:
    """Report what has not been reported yet; gives back all that was passed."""
    for one in findings:
        if one not in to.findings:
            to.find(one)
    return findings
