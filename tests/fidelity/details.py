"""What the document leaves out and Airflow knows: operators and template fields."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from transpiler.lower.params import params_of_dag, plain_params
from transpiler.model.dag import Dag, DagFile, Task
from transpiler.model.values import Call, Symbolic, is_known
from transpiler.verify.airflow_facts.values import plain

_MOMENT = re.compile(r"\b(?:now|utcnow|today|uuid[14]|random|randint|choice)\(")


@dataclass(frozen=True)
class TaskDetails:
    """Operator of a task, whether it is Airflow's own class, and its known arguments, as JSON.

    `of_project` is set where the class is the project's, which need not keep what it was given.
    """

    operator: str
    own_class: bool
    arguments: Mapping[str, Any]
    expand: Mapping[str, Any]
    of_project: bool = False


@dataclass(frozen=True)
class DagDetails:
    """Details of the tasks of a DAG, by id, and the params that are others at each load."""

    tasks: Mapping[str, TaskDetails]
    moments: frozenset[str] = frozenset()


FileDetails = Mapping[str, DagDetails]


def file_details(file: DagFile) -> dict[str, DagDetails]:
    """Details of each DAG of the model, by id."""
    return {dag.dag_id: _dag(dag) for dag in file.dags}


def _dag(dag: Dag) -> DagDetails:
    params = {
        name: value
        for argument in params_of_dag(dag)
        for name, value in plain_params(argument).items()
    }
    moments = {n for n, v in params.items() if isinstance(v, (Symbolic, Call)) and _reads_moment(v)}
    return DagDetails({task.task_id: _task(task) for task in dag.tasks}, frozenset(moments))


def _reads_moment(value: Symbolic | Call) -> bool:
    """Whether the code of a value that is not known asks the clock, or for something random."""
    return _MOMENT.search(value.code) is not None


def _task(task: Task) -> TaskDetails:
    known = {name: item.value for name, item in task.arguments.items() if is_known(item.value)}
    mapped = task.mapped.arguments if task.mapped else {}
    expand = {name: plain(item.value) for name, item in mapped.items() if is_known(item.value)}
    own = task.operator == task.operator_class and task.function is None
    return TaskDetails(task.operator, own, plain(known), expand, task.own_class is not None)
