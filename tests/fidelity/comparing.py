"""One file: our reading against Airflow's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tests.fidelity.details import TaskDetails
from tests.fidelity.equivalents import moving, moving_param, same_assets, same_schedule, same_value
from tests.fidelity.explaining import explanation
from tests.fidelity.operators import is_stand_in, same_operator
from tests.fidelity.reading import Reading
from transpiler.verify.airflow_fields import SCHEDULE_CODES, file_differences
from transpiler.verify.difference import Difference

GRAPH_FIELDS = {"dag_id", "task_id", "upstream", "trigger_rule", "mapped", "group"}


@dataclass(frozen=True)
class Found:
    """A difference, and the code of the finding that tells of it, if one does."""

    difference: Difference
    code: str | None
    message: str | None

    @property
    def field(self) -> str:
        """The field without the name of the param or template field in it."""
        return self.difference.field.partition(".")[0]


def compare(reading: Reading, facts: Mapping[str, Any]) -> list[Found]:
    """All differences of a file that Airflow loads."""
    found = []
    for difference in _differences(reading, facts):
        finding = explanation(difference, reading.file)
        code, message = (finding.code, finding.message) if finding else (None, None)
        found.append(Found(difference, code, message))
    return found


def _differences(reading: Reading, facts: Mapping[str, Any]) -> Iterator[Difference]:
    dags = {dag["dag_id"]: dag for dag in facts["dags"]}
    for difference in file_differences(reading.file, facts):
        if not _in_other_words(difference, reading, dags):
            yield difference
    for dag_id, details in reading.details.items():
        tasks = {task["task_id"]: task for task in dags.get(dag_id, {"tasks": []})["tasks"]}
        for task_id, task in details.tasks.items():
            if task_id in tasks:
                for field, ours, airflow in _task(task, tasks[task_id]):
                    path = reading.file.path
                    yield Difference(path, dag_id, task_id, field, ours, airflow)


def _in_other_words(
    difference: Difference, reading: Reading, dags: Mapping[str, Mapping[str, Any]]
) -> bool:
    """Whether both sides say one thing, which has no common form."""
    if difference.field == "schedule":
        dag = next(dag for dag in reading.file.dags if dag.dag_id == difference.dag_id)
        kind = dags[difference.dag_id]["timetable"]["class"]
        by_hand = any(entry.code in SCHEDULE_CODES for entry in dag.findings)
        ours, airflow = difference.expected, difference.found
        return same_assets(ours, airflow) or (by_hand and same_schedule(ours, airflow, kind))
    if difference.field == "start_date":
        return moving(difference, reading.file)
    details = reading.details.get(difference.dag_id)
    told = explanation(difference, reading.file) is not None
    return told and details is not None and moving_param(difference, details.moments)


def _task(task: TaskDetails, facts: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    if not same_operator(task.operator, facts):
        yield "operator", task.operator, facts["operator_path"]
        return
    if not task.own_class or is_stand_in(facts):
        return  # it may keep other values than it was given
    for field, airflow in facts["template_fields"].items():
        if task.of_project and airflow is None:
            continue  # its `__init__` has kept it elsewhere
        if field == "expand":
            for name, ours in task.expand.items():
                if isinstance(airflow, dict) and name in airflow and ours != airflow[name]:
                    yield f"expand.{name}", ours, airflow[name]
        elif field in task.arguments and not same_value(field, task.arguments[field], airflow):
            yield f"template_fields.{field}", task.arguments[field], airflow
