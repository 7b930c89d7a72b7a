"""Airflow's trigger rules: which of them matter, and what becomes of them.

A static pipeline runs a step when all steps before it succeeded. Rules that differ from that only
in how they treat skipped tasks mean the same there; a task that may skip makes the pipeline
dynamic. Source: airflow/ti_deps/deps/trigger_rule_dep.py.
"""

from __future__ import annotations

from transpiler.lower.reporting import about
from transpiler.model.dag import Argument, Task
from transpiler.model.finding import Finding
from transpiler.model.values import Ref

ALL_SUCCESS = "all_success"
OF_TEARDOWN = "all_done_setup_success"
RENAMED = {"dummy": "always", "none_failed_or_skipped": "none_failed_min_one_success"}
LIKE_ALL_SUCCESS = frozenset({ALL_SUCCESS, "none_failed", "none_failed_min_one_success"})
LIKE_ALL_SUCCESS_OF_ONE = LIKE_ALL_SUCCESS | {"one_success"}
RULES = LIKE_ALL_SUCCESS_OF_ONE | {
    "all_failed",
    "all_done",
    "all_done_min_one_success",
    "all_skipped",
    "one_failed",
    "one_done",
    "none_skipped",
    "always",
    OF_TEARDOWN,
}
"""Every rule of Airflow 2.10 and 3.x (airflow/utils/trigger_rule.py), by its present name."""


def rule_name(task: Task) -> str | None:
    """The task's rule by Airflow's present name; None where it is not known."""
    if task.is_teardown:
        return OF_TEARDOWN  # Airflow sets it, whatever was given
    argument = task.arguments.get("trigger_rule")
    if argument is None or argument.value is None:
        return ALL_SUCCESS
    return _name(argument.value)


def matters(task: Task, rule: str | None) -> bool:
    """Whether the task can start at another moment than when all before it succeeded, though nothing is skipped."""
    if rule is None or task.is_teardown or not task.upstream:
        return False
    return rule not in (LIKE_ALL_SUCCESS if len(task.upstream) > 1 else LIKE_ALL_SUCCESS_OF_ONE)


def lower_trigger_rule(
    task: Task, argument: Argument | None, *, dynamic: bool = False
) -> tuple[str, tuple[Finding, ...]]:
    """The rule by Airflow's present name, and what must be known about it."""
    rule = rule_name(task)
    if task.is_teardown or argument is None or rule == ALL_SUCCESS:
        return rule or ALL_SUCCESS, ()
    if rule is None or rule not in RULES:
        code, detail = ("D2Z216", "trigger_rule is known only when the DAG file runs")
        if rule is not None:
            code, detail = "D2Z303", f"{rule!r} is not a trigger rule of Airflow"
        return ALL_SUCCESS, (about(code, argument, detail, task_id=task.task_id),)
    if dynamic:
        return rule, ()
    # The finding depends on the task's upstreams, so it belongs to the task even where the DAG gave
    # the rule.
    if not matters(task, rule):
        detail = f"{rule} means the same as all_success here, where no task before it is skipped"
        return rule, (about("D2Z201", argument, detail, task_id=task.task_id, severity="info"),)
    detail = f"the task has the trigger rule {rule}; the step runs only if all before it succeed"
    return rule, (about("D2Z201", argument, detail, task_id=task.task_id),)


def _name(value: object) -> str | None:
    if isinstance(value, Ref):
        value = value.qualified_name.rpartition(".")[2]
    if not isinstance(value, str):
        return None
    rule = value.lower()
    return RENAMED.get(rule, rule)
