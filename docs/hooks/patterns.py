"""MkDocs hook: the page of patterns gets what the transpiler writes for each of them."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from transpiler.config import MigrationConfig
from transpiler.report.result import FileResult
from transpiler.service import analyse

if TYPE_CHECKING:
    from mkdocs.structure.pages import Page

PAGE = "migration-guide.md"
PATTERN = re.compile(r"^```python title=\"Airflow\" pattern\n(.*?)^```$", re.MULTILINE | re.DOTALL)
IMPORTS = """\
from datetime import datetime, timedelta

from airflow import DAG
from airflow.datasets import Dataset
from airflow.decorators import task
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator, PythonOperator
from airflow.providers.cncf.kubernetes.operators.pod import KubernetesPodOperator
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator
from airflow.sensors.external_task import ExternalTaskSensor

"""
"""What the patterns of the page import; it would hide them."""
CONFIG = MigrationConfig.model_validate({"connections": {"snowflake_dwh": {"type": "snowflake"}}})


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Put the output below each pattern. Called by MkDocs for each page before it is rendered."""
    return with_output(markdown) if page.file.src_uri == PAGE else markdown


def with_output(markdown: str) -> str:
    """The page with both sides of each pattern."""
    return PATTERN.sub(lambda match: _both(match[1]), markdown)


def transpiled(pattern: str) -> FileResult:
    """What a pattern becomes."""
    with TemporaryDirectory(prefix="pattern-") as name:
        file = Path(name).resolve() / "dag.py"
        file.write_text(IMPORTS + pattern, encoding="utf-8")
        (result,) = analyse([file], project_root=file.parent, config=CONFIG, jobs=1, emit=True)
    return result


def _both(pattern: str) -> str:
    before = f'```python title="Airflow"\n{pattern}```'
    return f'{before}\n\n```python title="ZenML"\n{pipeline_function(transpiled(pattern))}\n```'


def pipeline_function(result: FileResult) -> str:
    """The emitted function of the one pipeline, with its decorator."""
    (module,) = (
        text
        for path, text in result.files.items()
        if path.startswith("pipelines/") and not path.endswith("__init__.py")
    )
    functions = [node for node in ast.parse(module).body if isinstance(node, ast.FunctionDef)]
    first = functions[-1].decorator_list[0].lineno
    return "\n".join(module.splitlines()[first - 1 : functions[-1].end_lineno])
