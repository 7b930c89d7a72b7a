"""What this tool reads from DAG files, held against what Airflow builds from them."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.judge.airflow_env import PROJECT, airflow_facts
from transpiler.config import MigrationConfig
from transpiler.lower.schedule import PRESETS
from transpiler.report.document import build_document
from transpiler.report.models import DagEntry
from transpiler.service import analyse

FIXTURES = PROJECT / "fixtures_dags"
SMALL = Path(__file__).parent / "dags"
FILES = sorted([*FIXTURES.glob("*.py"), *SMALL.glob("*.py")])
TASK_FIELDS = (
    "retries",
    "retry_delay_seconds",
    "trigger_rule",
    "execution_timeout_seconds",
    "mapped",
    "group",
)
Facts = dict[str, dict[str, Any]]
Documents = dict[str, dict[str, DagEntry]]


@pytest.fixture(scope="session")
def judged() -> Facts:
    """Airflow's facts of all files: it is started once."""
    return airflow_facts("--project-root", PROJECT, *FILES)


@pytest.fixture(scope="session")
def documents() -> Documents:
    """Our DAGs by file name and DAG id."""
    results = analyse(FILES, project_root=PROJECT, config=MigrationConfig(), jobs=1)
    files = build_document(results).files
    return {Path(file.path).name: {dag.dag_id: dag for dag in file.dags} for file in files}


def instant(text: str | None) -> str | None:
    return datetime.fromisoformat(text).astimezone(timezone.utc).isoformat() if text else None


def schedule(value: Any) -> Any:
    """Presets as cron; seconds, which the document writes as text, as a number."""
    if isinstance(value, str) and value.replace(".", "", 1).isdigit():
        return float(value)
    return PRESETS.get(value, value) if isinstance(value, str) else value


def task_row(task: dict[str, Any]) -> dict[str, Any]:
    return {
        "operator": task["operator"].rpartition(".")[2],
        "upstream": sorted(task["upstream"]),
        **{field: task[field] for field in TASK_FIELDS},
    }


def ours(dag: DagEntry) -> dict[str, Any]:
    return {
        "schedule": schedule(dag.schedule),
        "start_date": instant(dag.start_date),
        "catchup": dag.catchup,
        "tags": sorted(dag.tags),
        "tasks": {task.task_id: task_row(task.model_dump()) for task in dag.tasks},
    }


def airflows(dag: dict[str, Any]) -> dict[str, Any]:
    return {
        "schedule": schedule(dag["schedule"]),
        "start_date": instant(dag["start_date"]),
        "catchup": dag["catchup"],
        "tags": dag["tags"],
        "tasks": {task["task_id"]: task_row(task) for task in dag["tasks"]},
    }


# A decorator stands for a class of Airflow's; a subclass without work of its own for its base.
SAME_CLASS = {
    "task": {"_PythonDecoratedOperator"},
    "branch": {"_BranchPythonDecoratedOperator"},
    "short_circuit": {"ShortCircuitDecoratedOperator", "_ShortCircuitDecoratedOperator"},
    "sensor": {"DecoratedSensorOperator"},
    "setup": {"_PythonDecoratedOperator"},
    "BaseOperator": {"Sized"},
    "BashOperator": {"Loader", "Wrapped", "More"},
    "PythonOperator": {"Calls"},
    "DummyOperator": {"EmptyOperator"},
}


def differences(read: dict[str, Any], airflow: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Place, our value and Airflow's value of each leaf that differs."""
    found = []
    for key in sorted(read.keys() | airflow.keys()):
        left, right = read.get(key), airflow.get(key)
        if isinstance(left, dict) and isinstance(right, dict):
            found += [(f"{key}/{place}", a, b) for place, a, b in differences(left, right)]
        elif left != right and not (key == "operator" and right in SAME_CLASS.get(str(left), ())):
            found.append((key, left, right))
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_reading_agrees_with_airflow(path: Path, judged: Facts, documents: Documents) -> None:
    entry = judged[path.name]
    assert entry["error"] is None
    airflow = {dag["dag_id"]: airflows(dag) for dag in entry["dags"]}
    read = {dag_id: ours(dag) for dag_id, dag in documents[path.name].items()}
    assert sorted(read) == sorted(airflow)
    assert differences(read, airflow) == []
