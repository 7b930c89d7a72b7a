"""Airflow's trigger rules in a pipeline where nothing is skipped.

A static pipeline runs a step when all steps before it succeeded. Rules that differ from that only
in how they treat skipped tasks mean the same there; the task that may skip has a finding of its
own. Source: airflow/ti_deps/deps/trigger_rule_dep.py.
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


def lower_trigger_rule(task: Task, argument: Argument | None) -> tuple[str, tuple[Finding, ...]]:
    """The rule by Airflow's present name, and what must be known about it."""
    if task.is_teardown:
        return OF_TEARDOWN, ()  # Airflow sets it, whatever was given; D2Z213 tells of the task
    if argument is None or argument.value is None:
        return ALL_SUCCESS, ()
    rule = _name(argument.value)
    if rule is None:
        detail = "trigger_rule is known only when the DAG file runs"
        return ALL_SUCCESS, (about("D2Z216", argument, detail, task_id=task.task_id),)
    if rule == ALL_SUCCESS:
        return rule, ()
    # The finding depends on the task's upstreams, so it belongs to the task even where the DAG gave
    # the rule.
    alike = LIKE_ALL_SUCCESS if len(task.upstream) > 1 else LIKE_ALL_SUCCESS_OF_ONE
    if not task.upstream or rule in alike:
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
