"""A DAG of callables to the text of its files and its findings."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from tests.lower.emitted_body import model_of
from transpiler.emit.project import emit_pipeline
from transpiler.model.finding import Finding

HEAD = """\
from datetime import datetime
from airflow import DAG
from airflow.decorators import task
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator, PythonVirtualenvOperator

START = datetime(2024, 1, 1)
"""


class Emitted:
    """The files and findings of a DAG whose `with` block is `tasks`."""

    def __init__(self, folder: Path, before: str, tasks: str, arguments: str = "") -> None:
        block = "".join(f"    {line}\n" for line in dedent(tasks).strip("\n").splitlines())
        head = (
            f'with DAG("probe", start_date=START, schedule="@daily", catchup=False{arguments}):\n'
        )
        model = model_of(folder, HEAD + dedent(before) + head + block)
        files = emit_pipeline(model)
        self.findings: list[Finding] = [f for f in model.findings if f.severity != "info"]
        self.steps = files.get("steps/probe.py", "")
        self.config = files["configs/probe.yaml"]
        self.body = dedent(files["pipelines/probe.py"].split("-> None:\n", 1)[1]).strip()

    @property
    def codes(self) -> list[str]:
        """Codes of what is more than an information."""
        return [found.code for found in self.findings]
