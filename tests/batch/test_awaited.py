"""Pipelines that others wait for or start, in one run and in several."""

from __future__ import annotations

from pathlib import Path

import pytest

from transpiler.config import MigrationConfig
from transpiler.service import analyse

HEAD = """\
from datetime import datetime
from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sensors.external_task import ExternalTaskSensor

with DAG("{name}", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
"""
LOAD = '    BashOperator(task_id="load", bash_command="true")\n'
WAIT = '    ExternalTaskSensor(task_id="wait", external_dag_id="orders")\n'
START = '    TriggerDagRunOperator(task_id="start", trigger_dag_id="orders")\n'


@pytest.mark.parametrize("body", [WAIT, START])
@pytest.mark.parametrize("together", [True, False])
def test_what_the_run_makes_asks_for_nothing(body: str, together: bool, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(HEAD.format(name="report") + body)
    (tmp_path / "b.py").write_text(HEAD.format(name="orders") + LOAD)
    paths = [tmp_path / name for name in (("a.py", "b.py") if together else ("a.py",))]
    config = MigrationConfig(airflow_version="2.10")
    result, *_ = analyse(paths, project_root=tmp_path, config=config, jobs=1)
    (found,) = [item for item in result.all_findings if item.code == "D2Z312"]
    assert found.severity == ("info" if together else "warning")
    assert ("this run makes it too" in found.message) is together


def test_one_of_two_that_is_missing(tmp_path: Path) -> None:
    other = WAIT.replace('"wait"', '"wait_stock"').replace("orders", "stock")
    (tmp_path / "a.py").write_text(HEAD.format(name="report") + WAIT + other)
    (tmp_path / "b.py").write_text(HEAD.format(name="orders") + LOAD)
    config = MigrationConfig(airflow_version="2.10")
    result, _ = analyse([tmp_path], project_root=tmp_path, config=config, jobs=1)
    found = {i.task_id: i.severity for i in result.all_findings if i.code == "D2Z312"}
    assert found == {"wait": "info", "wait_stock": "warning"}
