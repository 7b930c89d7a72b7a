"""Field by field: one file's part of migration.json against Airflow's facts of that file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timezone
from typing import Any

from transpiler.lower.schedule import PRESETS
from transpiler.report.models import DagEntry, FileEntry, TaskEntry
from transpiler.verify.difference import Difference

TASK_FIELDS = (
    "trigger_rule",
    "retries",
    "retry_delay_seconds",
    "execution_timeout_seconds",
    "mapped",
    "group",
)
# Findings that say that a schedule could not be carried over: no equivalent, and assets.
SCHEDULE_CODES = ("D2Z206", "D2Z240")
_ABSENT = object()


def file_differences(file: FileEntry, found: Mapping[str, Any]) -> Iterator[Difference]:
    """Every difference of the file; `found` is its entry of the facts program's `files`."""
    expected = {dag.dag_id: dag for dag in file.dags}
    airflow = {dag["dag_id"]: dag for dag in found["dags"]}
    if expected and found["error"]:
        yield Difference(file.path, "", None, "error", None, found["error"])
    for dag_id in sorted(expected.keys() | airflow.keys()):
        if dag_id not in airflow:
            yield Difference(file.path, dag_id, None, "dag_id", dag_id, None)
        elif dag_id not in expected:
            yield Difference(file.path, dag_id, None, "dag_id", None, dag_id)
        else:
            yield from _dag(file.path, expected[dag_id], airflow[dag_id])


def _dag(file: str, dag: DagEntry, found: Mapping[str, Any]) -> Iterator[Difference]:
    pairs = {
        "schedule": (_schedule(dag.schedule), _schedule(found["schedule"])),
        "start_date": (_instant(dag.start_date), _instant(found["start_date"])),
        "catchup": (dag.catchup, found["catchup"]),
        # Airflow's database has each tag once, whatever the list.
        "tags": (sorted(set(dag.tags)), sorted(set(found["tags"]))),
    }
    for field, (expected, actual) in pairs.items():
        if expected != actual:
            yield Difference(file, dag.dag_id, None, field, expected, actual)
    yield from _params(file, dag, found["params"])
    tasks = {task.task_id: task for task in dag.tasks}
    airflow = {task["task_id"]: task for task in found["tasks"]}
    for task_id in sorted(tasks.keys() | airflow.keys()):
        if task_id not in airflow:
            yield Difference(file, dag.dag_id, task_id, "task_id", task_id, None)
        elif task_id not in tasks:
            yield Difference(file, dag.dag_id, task_id, "task_id", None, task_id)
        else:
            yield from _task(file, dag.dag_id, tasks[task_id], airflow[task_id])


def _params(file: str, dag: DagEntry, found: Mapping[str, Any]) -> Iterator[Difference]:
    for name in sorted(dag.params.keys() | found.keys()):
        expected, actual = dag.params.get(name, _ABSENT), found.get(name, _ABSENT)
        if expected != actual:
            shown = [None if value is _ABSENT else value for value in (expected, actual)]
            yield Difference(file, dag.dag_id, None, f"params.{name}", *shown)


def _task(
    file: str, dag_id: str, task: TaskEntry, found: Mapping[str, Any]
) -> Iterator[Difference]:
    upstream = sorted(task.upstream)
    if upstream != found["upstream"]:
        yield Difference(file, dag_id, task.task_id, "upstream", upstream, found["upstream"])
    for field in TASK_FIELDS:
        expected = getattr(task, field)
        if expected != found[field]:
            yield Difference(file, dag_id, task.task_id, field, expected, found[field])


def _schedule(schedule: Any) -> Any:
    """Presets as cron, seconds as a number; several crons and dates as migration.json tells them."""
    if isinstance(schedule, dict) and "crons" in schedule:
        return ", ".join(map(str, schedule["crons"]))
    if isinstance(schedule, dict) and "events" in schedule:
        return f"{len(schedule['events'])} events"
    if isinstance(schedule, dict) and "assets" in schedule:
        time = f"{_schedule(schedule['time'])} or " if "time" in schedule else ""
        return f"{time}{schedule['text']}"
    if not isinstance(schedule, str):
        return schedule
    if " or " in schedule:
        time, _, assets = schedule.partition(" or ")
        return f"{_schedule(time)} or {assets}"
    try:
        return float(schedule)
    except ValueError:
        return PRESETS.get(schedule, schedule)


def _instant(text: str | None) -> str | None:
    return datetime.fromisoformat(text).astimezone(timezone.utc).isoformat() if text else None
