"""Reading short DAG files in tests."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from transpiler.evaluate import read_dag_file
from transpiler.evaluate.limits import Limits
from transpiler.model.dag import Dag, DagFile

HEAD = """\
from datetime import date, datetime, time, timedelta, timezone
from airflow import DAG
from airflow.decorators import dag, setup, task, task_group, teardown
from airflow.models import Variable
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator
from airflow.utils.edgemodifier import Label
from airflow.utils.task_group import TaskGroup
"""
HEAD_LINES = HEAD.count("\n")


def read(
    folder: Path,
    code: str,
    files: Mapping[str, str | bytes] | None = None,
    limits: Limits | None = None,
) -> DagFile:
    """Read `dag.py` with the imports above and the code, beside the other files."""
    for name, content in {"dag.py": HEAD + code, **(files or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_dag_file(folder / "dag.py", folder, limits)


def read_dag(folder: Path, code: str, files: Mapping[str, str | bytes] | None = None) -> Dag:
    """The only DAG of the file, which must be read without an error."""
    found = read(folder, code, files)
    assert found.error is None, found.error
    (dag,) = found.dags
    return dag


def value_of(folder: Path, code: str, files: Mapping[str, str | bytes] | None = None) -> Any:
    """What `x` is after the code, as the model holds it."""
    made = "\nwith DAG('d', params={'x': x}):\n    EmptyOperator(task_id='t')\n"
    return read_dag(folder, code + made, files).arguments["params"].value["x"]


def edges(dag: Dag) -> dict[str, list[str]]:
    """Upstream task ids by task id."""
    return {task.task_id: sorted(task.upstream) for task in dag.tasks}


def codes(found: DagFile) -> list[tuple[str, int]]:
    """Code and line below the imports of each finding, those of the DAGs too."""
    items = [*found.findings, *(item for made in found.dags for item in made.findings)]
    return [(item.code, item.span.line - HEAD_LINES) for item in items]
