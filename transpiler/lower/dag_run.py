"""Limits of the whole run, as arguments of `DagRun` in a dynamic pipeline."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from transpiler.lower.durations import seconds_text
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.parallelism import limit_of_run
from transpiler.lower.reporting import about
from transpiler.model.dag import Argument
from transpiler.model.finding import Finding
from transpiler.model.pipeline import Expr

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering


def lower_dag_run(to: Lowering) -> tuple[dict[str, Expr], list[Finding]]:
    """Arguments and findings; nothing for a static pipeline, whose limits are reported as they stand."""
    if not to.mode.dynamic:
        return {}, []
    arguments: dict[str, Expr] = {}
    findings: list[Finding] = []
    limit = limit_of_run(to.dag)
    if limit is not None:
        _carry(arguments, findings, "max_active_tasks", limit, to)
    timeout = to.dag.arguments.get("dagrun_timeout")
    if timeout is not None and timeout.value:
        if isinstance(timeout.value, timedelta):
            arguments["timeout_seconds"] = Expr(seconds_text(timeout.value.total_seconds()))
        else:
            detail = "dagrun_timeout is not a timedelta that can be known from the file"
            findings.append(about("D2Z216", timeout, detail))
    for name in ("fail_stop", "fail_fast"):
        given = to.dag.arguments.get(name)
        if given is not None and given.value:
            arguments["fail_fast"] = Expr("True")
    return arguments, findings


def _carry(
    arguments: dict[str, Expr], findings: list[Finding], name: str, given: Argument, to: Lowering
) -> None:
    try:
        arguments[name] = to.expr(given)
    except UntranslatableError:
        detail = f"{given.name} is known only when the DAG file runs"
        findings.append(about("D2Z216", given, detail))
