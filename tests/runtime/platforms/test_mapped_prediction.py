"""The pipeline of the page about platforms that predicts in parts, each a mapped step."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from runtime.config import ConnectionConfig, MlflowConfig
from runtime.launch import start
from runtime.loading import load_pipeline
from runtime.snowflake import connect, execute_sql

if TYPE_CHECKING:
    from tests.conftest import EmittedProject  # type: ignore[import-not-found, unused-ignore]

Query = Callable[[str], list[tuple[Any, ...]]]
PAGE = (Path(__file__).parents[3] / "docs" / "platforms.md").read_text(encoding="utf-8")
FILE = re.compile(r'^```\w+ title="([^"]+/[^"]+)"\n(.*?)^```$', re.MULTILINE | re.DOTALL)
DAY = dt.datetime(2024, 6, 1, tzinfo=dt.timezone.utc)
TABLES = """
    CREATE TABLE customers (customer_id NUMBER, amount NUMBER(12, 2), orders NUMBER);
    INSERT INTO customers
        SELECT column1, column1 * 2, 1 FROM VALUES (1), (2), (3), (4), (5), (6), (7);
    CREATE TABLE revenue_in_parts (
        run_date DATE, part NUMBER, customer_id NUMBER, revenue FLOAT
    )
"""


@pytest.mark.slow
def test_the_parts_are_all_rows_once(
    runnable_project: EmittedProject,
    connection_config: ConnectionConfig,
    mlflow_config: MlflowConfig,
    query: Query,
) -> None:
    for name, text in FILE.findall(PAGE.partition("## How it scales")[2]):
        runnable_project.write(name, text)
    settings = connection_config.model_dump(by_alias=True, exclude_none=True, exclude={"extra"})
    settings["password"] = "embedded"
    uri = {"tracking_uri": mlflow_config.tracking_uri}
    runnable_project.configure(
        "base", {"connections": {"snowflake_default": settings}, "mlflow": uri}
    )
    with connect(connection_config) as session:
        execute_sql(session, TABLES)
    pipeline, schedule = load_pipeline(runnable_project.root / "pipelines" / "revenue_in_parts.py")
    for _ in range(2):
        report = start(pipeline, schedule, logical_date=DAY)
        assert report.state == "success", report
        rows = query("SELECT part, customer_id, revenue FROM revenue_in_parts ORDER BY 2")
        assert [row[:2] for row in rows] == [(at % 4, at) for at in range(1, 8)]
        assert [row[2] for row in rows] == pytest.approx([at * 4 + 1 for at in range(1, 8)])
