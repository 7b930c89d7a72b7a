"""What Airflow's scheduler goes by, as arguments of `dag.task` in a dynamic pipeline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from transpiler.lower.argument_table import SCHEDULED
from transpiler.lower.errors import UntranslatableError
from transpiler.lower.parallelism import limit_of_run
from transpiler.lower.reader import TaskReader
from transpiler.lower.reporting import about
from transpiler.lower.step_ids import quoted
from transpiler.lower.trigger_rules import ALL_SUCCESS
from transpiler.model.dag import Argument, Task
from transpiler.model.finding import Finding
from transpiler.model.pipeline import Expr
from transpiler.model.values import is_known

if TYPE_CHECKING:
    from transpiler.lower.lowering import Lowering

RESERVED = frozenset(
    {
        "trigger_rule",
        "setup",
        "teardown",
        "on_failure_fail_dagrun",
        "depends_on_past",
        "wait_for_downstream",
        "pool",
        "pool_slots",
        "priority_weight",
        "weight_rule",
        "max_active_tis_per_dagrun",
        "ignore_downstream_trigger_rules",
        "on_skipped",
        "part_of",
        "decides",
    }
)
"""Keyword arguments of `dag.task` and its siblings; a step's own parameter cannot be called so."""

WEIGHTS = ("priority_weight", "weight_rule")
_WEIGHT_RULES = ("downstream", "upstream", "absolute")
_TRUE = Expr("True")


def lower_scheduling(
    reader: TaskReader, rule: str, to: Lowering
) -> tuple[dict[str, Expr], list[Finding]]:
    """The arguments in the order of `dag.task`, and what must be known about them."""
    task = reader.task
    scheduling: dict[str, Expr] = {}
    if rule != ALL_SUCCESS and not task.is_teardown:
        scheduling["trigger_rule"] = Expr(quoted(rule))
    scheduling.update(dict.fromkeys(_marks(task), _TRUE))
    findings: list[Finding] = []
    for name, argument in _given(reader, to):
        try:
            scheduling[name] = to.expr(argument)
        except UntranslatableError:
            detail = f"{argument.name} is known only when the DAG file runs"
            findings.append(about("D2Z216", argument, detail, task_id=task.task_id))
            continue
        findings += _limits(task, argument)
        if name == "pool" and isinstance(argument.value, str):
            to.settings.pool(argument.value, argument.span)
    return scheduling, findings


def _marks(task: Task) -> Iterator[str]:
    if task.is_setup:
        yield "setup"
    if task.is_teardown:
        yield "teardown"
        fails = task.arguments.get("on_failure_fail_dagrun")
        if fails is not None and fails.value:
            yield "on_failure_fail_dagrun"


def carries_weight(name: str, reader: TaskReader, to: Lowering) -> bool:
    """Whether tasks wait for places, so that it matters whose turn it is, and the value is one that
    `dag.task` knows.
    """
    argument = reader.task.arguments.get(name)
    if argument is None or not (_says(reader, "pool") or limit_of_run(to.dag) is not None):
        return False
    known = argument.value in _WEIGHT_RULES if name == "weight_rule" else True
    return known and is_known(argument.value)


def _given(reader: TaskReader, to: Lowering) -> Iterator[tuple[str, Argument]]:
    """The arguments that say anything, by the name that `dag.task` has for them."""
    pooled = _says(reader, "pool")
    for name in SCHEDULED:
        argument = reader.take(name)
        if argument is None or not _says(reader, name):
            continue
        if name == "pool_slots" and not pooled:
            continue
        if name in WEIGHTS and not carries_weight(name, reader, to):
            continue
        if name in ("task_concurrency", "max_active_tis_per_dag"):
            # Airflow counts over all runs, which matters to instances of a mapped task in one run too.
            if reader.task.mapped is None:
                continue
            yield "max_active_tis_per_dagrun", argument
        else:
            yield name, argument


def _says(reader: TaskReader, name: str) -> bool:
    argument = reader.task.arguments.get(name)
    return argument is not None and argument.value not in SCHEDULED[name]


def _limits(task: Task, argument: Argument) -> Iterator[Finding]:
    if argument.name == "pool":
        detail = f"the pool {argument.value!r} limits the tasks of all runs on one machine, not on several"
        yield about("D2Z212", argument, detail, severity="info")
    elif argument.name in ("task_concurrency", "max_active_tis_per_dag"):
        detail = f"{argument.name} limits the instances of one run, not those of several runs"
        yield about("D2Z212", argument, detail, task_id=task.task_id, severity="info")
