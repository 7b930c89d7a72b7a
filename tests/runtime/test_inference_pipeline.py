"""The pipeline that docs/inference.md shows, run against the embedded warehouse and MLflow."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from runtime.config import ConnectionConfig, MlflowConfig
from runtime.launch import start
from runtime.loading import load_pipeline
from runtime.snowflake import connect, execute_sql

if TYPE_CHECKING:
    from runtime.report import RunReport
    from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]

Query = Callable[[str], list[tuple[Any, ...]]]

PAGE = Path(__file__).parents[2] / "docs" / "inference.md"
FILE = re.compile(r'^```\w+ title="([^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
DAY = dt.datetime(2024, 6, 1, tzinfo=dt.timezone.utc)
TABLES = """
    CREATE TABLE customers (
        customer_id NUMBER, country VARCHAR, amount NUMBER(12, 2), currency VARCHAR,
        orders NUMBER, since DATE
    );
    INSERT INTO customers VALUES
        (1, 'NL', 10, 'EUR', 1, '2024-01-01'), (2, 'NL', 100, 'USD', 2, '2023-06-01'),
        (3, 'BE', 10, 'EUR', 1, '2024-01-01'), (4, 'NL', 10, 'EUR', 1, '2025-01-01');
    CREATE TABLE revenue_predictions (
        run_date DATE, country VARCHAR, customer_id NUMBER, revenue FLOAT, model_version VARCHAR
    )
"""
ROWS = "SELECT * FROM revenue_predictions ORDER BY customer_id"


@pytest.fixture
def project(
    runnable_project: EmittedProject,
    connection_config: ConnectionConfig,
    mlflow_config: MlflowConfig,
) -> Iterator[EmittedProject]:
    """The page's files as a project, with the tables that they name."""
    for name, text in FILE.findall(PAGE.read_text(encoding="utf-8")):
        runnable_project.write(name, text)
    settings = connection_config.model_dump(by_alias=True, exclude_none=True, exclude={"extra"})
    settings["password"] = "embedded"
    runnable_project.configure(
        "base",
        {
            "connections": {"snowflake_default": settings},
            "mlflow": {"tracking_uri": mlflow_config.tracking_uri},
        },
    )
    with connect(connection_config) as session:
        execute_sql(session, TABLES)
    yield runnable_project


def run(project: EmittedProject) -> RunReport:
    pipeline, schedule = load_pipeline(project.root / "pipelines" / "revenue_nl.py")
    return start(pipeline, schedule, logical_date=DAY)


def test_the_example_runs_twice_with_the_same_rows(project: EmittedProject, query: Query) -> None:
    code = (project.root / "pipelines" / "revenue_nl.py").read_text(encoding="utf-8")
    assert len(code.splitlines()) < 40
    expected = [
        (DAY.date(), "NL", 1, 21.0, "1"),
        (DAY.date(), "NL", 2, 186.0, "1"),
    ]
    for _ in range(2):
        report = run(project)
        assert report.state == "success", report
        assert set(report.tasks) == {
            "load_data",
            "validate_features",
            "find_model",
            "predict",
            "validate_predictions",
            "write_output",
        }
        assert query(ROWS) == expected


def test_a_broken_rule_stops_before_the_model(project: EmittedProject, query: Query) -> None:
    project.write("configs/environments/strict.yaml", "validation: {features: {max_rows: 1}}\n")
    project.set_variable("RUNTIME_ENVIRONMENT", "strict")
    report = run(project)
    states = {task: item.state for task, item in report.tasks.items()}
    assert states["validate_features"] == "failed"
    assert states["predict"] == "upstream_failed"
    assert states["write_output"] == "upstream_failed"
    assert query(ROWS) == []
