"""Holding migration.json against what Airflow itself builds from the source files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from transpiler.lower.schedule import PRESETS
from transpiler.report.models import DagEntry, FileEntry, MigrationDocument, TaskEntry
from transpiler.source.discover import find_project_root
from transpiler.verify.difference import Difference
from transpiler.verify.errors import VerifyError
from transpiler.verify.programs import facts
from transpiler.verify.project import read_document

_TASK_FIELDS = (
    "trigger_rule",
    "retries",
    "retry_delay_seconds",
    "execution_timeout_seconds",
    "mapped",
    "group",
)


def verify_airflow(
    folder: Path, executable: str, project_root: Path | None = None
) -> list[Difference]:
    """Run Airflow's DagBag on the source files, by a Python that has Airflow, and compare field by
    field.

    Raises VerifyError where the source files are not found or that Python has no Airflow.
    """
    document = read_document(folder)
    if not document.files:
        return []
    root = (project_root or _find_root(document, folder)).resolve()
    paths = [str(root / file.path) for file in document.files]
    missing = [path for path in paths if not Path(path).is_file()]
    if missing:
        raise VerifyError(f"{missing[0]} does not exist. Name the right folder by --project-root.")
    found = facts(executable, "airflow_facts.py", ["--project-root", str(root), *paths])
    by_path = {entry["path"]: entry for entry in found["files"]}
    return [
        difference
        for file, path in zip(document.files, paths, strict=True)
        for difference in _file(file, by_path[path])
    ]


def _find_root(document: MigrationDocument, folder: Path) -> Path:
    """The folder that the document's paths start from: around the current folder or around the
    output.
    """
    here = Path.cwd()
    for candidate in (find_project_root(here), here, *folder.resolve().parents):
        if all((candidate / file.path).is_file() for file in document.files):
            return candidate
    raise VerifyError(
        f"the source files, such as {document.files[0].path}, are not found from here. "
        "Name their project by --project-root."
    )


def _file(file: FileEntry, found: dict[str, Any]) -> Iterator[Difference]:
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


def _dag(file: str, dag: DagEntry, found: dict[str, Any]) -> Iterator[Difference]:
    pairs = {
        "schedule": (_schedule(dag.schedule), _schedule(found["schedule"])),
        "start_date": (_instant(dag.start_date), _instant(found["start_date"])),
        "catchup": (dag.catchup, found["catchup"]),
        "tags": (sorted(dag.tags), found["tags"]),
    }
    if _reported(dag, "D2Z206"):
        del pairs["schedule"]  # the document says itself that it could not be carried over
    for field, (expected, actual) in pairs.items():
        if expected != actual:
            yield Difference(file, dag.dag_id, None, field, expected, actual)
    tasks = {task.task_id: task for task in dag.tasks}
    airflow = {task["task_id"]: task for task in found["tasks"]}
    for task_id in sorted(tasks.keys() | airflow.keys()):
        if task_id not in airflow:
            yield Difference(file, dag.dag_id, task_id, "task_id", task_id, None)
        elif task_id not in tasks:
            yield Difference(file, dag.dag_id, task_id, "task_id", None, task_id)
        else:
            yield from _task(file, dag.dag_id, tasks[task_id], airflow[task_id])


def _task(file: str, dag_id: str, task: TaskEntry, found: dict[str, Any]) -> Iterator[Difference]:
    if sorted(task.upstream) != found["upstream"]:
        yield Difference(
            file, dag_id, task.task_id, "upstream", sorted(task.upstream), found["upstream"]
        )
    for field in _TASK_FIELDS:
        expected = getattr(task, field)
        if expected != found[field]:
            yield Difference(file, dag_id, task.task_id, field, expected, found[field])


def _reported(dag: DagEntry, code: str) -> bool:
    return any(entry.code == code and entry.severity == "manual" for entry in dag.findings)


def _schedule(schedule: Any) -> Any:
    """Presets as cron, seconds as a number."""
    if not isinstance(schedule, str):
        return schedule
    try:
        return float(schedule)
    except ValueError:
        return PRESETS.get(schedule, schedule)


def _instant(text: str | None) -> str | None:
    return datetime.fromisoformat(text).astimezone(timezone.utc).isoformat() if text else None
