"""What the document leaves out and Airflow knows: operators and template fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transpiler.model.dag import Dag, DagFile, Task
from transpiler.model.values import is_known
from transpiler.verify.airflow_facts.values import plain


@dataclass(frozen=True)
class TaskDetails:
    """Operator of a task, whether it is Airflow's own class, and its known arguments, as JSON."""

    operator: str
    own_class: bool
    arguments: Mapping[str, Any]
    expand: Mapping[str, Any]


@dataclass(frozen=True)
class DagDetails:
    """Details of the tasks of a DAG, by id."""

    tasks: Mapping[str, TaskDetails]


FileDetails = Mapping[str, DagDetails]


def file_details(file: DagFile) -> dict[str, DagDetails]:
    """Details of each DAG of the model, by id."""
    return {dag.dag_id: _dag(dag) for dag in file.dags}


def _dag(dag: Dag) -> DagDetails:
    return DagDetails({task.task_id: _task(task) for task in dag.tasks})


def _task(task: Task) -> TaskDetails:
    known = {name: item.value for name, item in task.arguments.items() if is_known(item.value)}
    mapped = task.mapped.arguments if task.mapped else {}
    expand = {name: plain(item.value) for name, item in mapped.items() if is_known(item.value)}
    own = task.operator == task.operator_class and task.function is None
    return TaskDetails(task.operator, own, plain(known), expand)
