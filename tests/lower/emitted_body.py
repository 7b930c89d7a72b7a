"""A small DAG file to the text of its pipeline module, through all stages."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from rules.registry import RuleRegistry
from transpiler.config import MigrationConfig
from transpiler.config.models import ModeName
from transpiler.emit.project import emit_pipeline
from transpiler.evaluate import read_dag_file
from transpiler.lower.dag import lower_dag
from transpiler.model.pipeline import PipelineModel

HEAD = """\
from datetime import datetime, timedelta
from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.utils.task_group import TaskGroup
"""
WITH = (
    'with DAG("probe", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False) as dag:\n'
)


def model_of(folder: Path, text: str, mode: ModeName = "auto") -> PipelineModel:
    """The pipeline model of the one DAG in the text."""
    file = folder / "probe.py"
    file.write_text(text, encoding="utf-8")
    read = read_dag_file(file, folder)
    assert read.error is None, read.findings
    config = MigrationConfig(mode=mode)
    return lower_dag(read, read.dags[0], config, RuleRegistry.load(), folder)


def module_of(folder: Path, text: str) -> str:
    """The emitted pipeline module."""
    model = model_of(folder, text)
    return emit_pipeline(model)[f"pipelines/{model.identifier}.py"]


def body_of(folder: Path, tasks: str, before: str = "") -> str:
    """Statements of the pipeline function of a DAG whose `with` block is `tasks`."""
    indented = "".join(
        f"    {line}\n" if line.strip() else "\n" for line in dedent(tasks).splitlines()
    )
    module = module_of(folder, HEAD + dedent(before) + WITH + indented)
    body = module.split("-> None:\n", 1)[1].split("\n\n\nif __name__", 1)[0]
    return dedent(body).strip("\n")


def constants_of(folder: Path, tasks: str, before: str = "") -> str:
    """What stands between the imports and the schedule."""
    indented = "".join(
        f"    {line}\n" if line.strip() else "\n" for line in dedent(tasks).splitlines()
    )
    module = module_of(folder, HEAD + dedent(before) + WITH + indented)
    return module.split("import run_bash\n", 1)[1].split("SCHEDULE =", 1)[0].strip("\n")
