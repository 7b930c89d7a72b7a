"""Facts of DAGs and of their tasks."""

from __future__ import annotations

from typing import Any

from transpiler.verify.airflow_facts.schedules import schedule, timetable_facts
from transpiler.verify.airflow_facts.values import earliest, plain, qualified_name, seconds

CALLBACK_EVENTS = ["execute", "failure", "retry", "skipped", "success"]


def dag_facts(dag: Any) -> dict[str, Any]:
    """What Airflow knows of one DAG. `start_date` is the earliest of DAG and tasks, in UTC."""
    params = dag.params
    return {
        "dag_id": dag.dag_id,
        "schedule": schedule(dag.timetable),
        "timetable": timetable_facts(dag.timetable),
        "start_date": earliest([dag.start_date, *(task.start_date for task in dag.tasks)]),
        "end_date": earliest([dag.end_date]),
        "catchup": dag.catchup,
        "dagrun_timeout_seconds": seconds(dag.dagrun_timeout),
        "tags": sorted(plain(list(dag.tags)), key=str),
        "params": plain(
            {name: params.get_param(name).resolve(suppress_exception=True) for name in params}
        ),
        "callbacks": callbacks(dag),
        "tasks": [task_facts(task) for task in sorted(dag.tasks, key=lambda task: task.task_id)],
    }


def task_facts(task: Any) -> dict[str, Any]:
    """What Airflow knows of one task. Ids carry the group's prefix, as everywhere in Airflow."""
    kind = task.operator_class if is_mapped(task) else type(task)
    mapped = is_mapped(task) or task.get_closest_mapped_task_group() is not None
    return {
        "task_id": task.task_id,
        "operator": task.task_type,
        "operator_path": qualified_name(kind),
        "stand_in": getattr(kind, "stand_in", False),
        "upstream": sorted(task.upstream_task_ids),
        "downstream": sorted(task.downstream_task_ids),
        "trigger_rule": str(plain(task.trigger_rule)),
        "retries": task.retries,
        "retry_delay_seconds": seconds(task.retry_delay),
        "retry_exponential_backoff": plain(task.retry_exponential_backoff),
        "max_retry_delay_seconds": seconds(task.max_retry_delay),
        "execution_timeout_seconds": seconds(task.execution_timeout),
        "mapped": mapped,
        "group": task.task_group.group_id if task.task_group else None,
        "callbacks": callbacks(task),
        "template_fields": template_fields(task),
    }


def is_mapped(task: Any) -> bool:
    """Whether the task is expanded by itself, not only with its group."""
    return hasattr(task, "partial_kwargs")


def template_fields(task: Any) -> dict[str, Any]:
    """Values of the template fields. A field that named a template file holds the file's text:
    Airflow reads it while it loads the DAG."""
    if not is_mapped(task):
        return {name: plain(getattr(task, name, None)) for name in task.template_fields}
    values = {**task.partial_kwargs, "expand": task._get_specified_expand_input().value}
    wanted = {*task.template_fields, "expand"}
    return {name: plain(value) for name, value in values.items() if name in wanted}


def callbacks(holder: Any) -> dict[str, list[str]]:
    """Names of the callables that a DAG or task calls, by kind."""
    kinds = [f"on_{event}_callback" for event in CALLBACK_EVENTS]
    found = {kind: getattr(holder, kind, None) or [] for kind in kinds}
    lists = {kind: hit if isinstance(hit, list) else [hit] for kind, hit in found.items()}
    return {kind: [qualified_name(item) for item in hits] for kind, hits in lists.items() if hits}
