"""Every fact that the program collects, on Airflow 3."""

from __future__ import annotations

from typing import Any

import pytest

from tests.judge.airflow_env import airflow_facts

DAGS = '''
from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import (
    DAG, Asset, AssetAlias, AssetOrTimeSchedule, CronTriggerTimetable, EventsTimetable,
    MultipleCronTriggerTimetable, Param, TaskGroup, task,
)

ORDERS = Asset("orders", uri="s3://lake/orders")
RATES = Asset("rates", uri="s3://lake/rates")


def tell(context):
    """Tell someone."""


with DAG(
    "full",
    schedule="30 5 * * *",
    start_date=datetime(2024, 1, 1),
    end_date=datetime(2025, 1, 1),
    catchup=True,
    tags=["b", "a"],
    params={"market": "BE", "days": Param(3, type="integer")},
    dagrun_timeout=timedelta(hours=2),
    on_failure_callback=tell,
    default_args={"retries": 2, "retry_delay": timedelta(minutes=1)},
):
    first = BashOperator(
        task_id="first",
        bash_command="echo {{ ds }}",
        env={"A": "1"},
        execution_timeout=timedelta(minutes=5),
        max_retry_delay=timedelta(minutes=9),
        on_success_callback=[tell],
    )
    with TaskGroup("group"):
        each = BashOperator.partial(task_id="each", retries=0).expand(bash_command=["a", "b"])

        @task(trigger_rule="one_failed")
        def last(value):
            """Last."""

        each >> last(first.output)

for name, schedule in {
    "assets": [RATES, ORDERS],
    "condition": ORDERS & (RATES | AssetAlias("alias")),
    "both": AssetOrTimeSchedule(timetable=CronTriggerTimetable("@daily", timezone="UTC"), assets=[ORDERS]),
    "several": MultipleCronTriggerTimetable("0 1 * * *", "0 2 * * 0", timezone="Europe/Brussels"),
    "events": EventsTimetable([datetime(2024, 5, 1)]),
    "interval": timedelta(hours=6),
    "preset": "@weekly",
    "once": "@once",
    "continuous": "@continuous",
    "never": None,
}.items():
    globals()[name] = DAG(name, schedule=schedule, start_date=datetime(2024, 1, 1), max_active_runs=1)
'''
SCHEDULES: dict[str, Any] = {
    "full": "30 5 * * *",
    "assets": {
        "assets": ["s3://lake/orders", "s3://lake/rates"],
        "text": "s3://lake/rates & s3://lake/orders",
    },
    "condition": {
        "assets": ["alias", "s3://lake/orders", "s3://lake/rates"],
        "text": "s3://lake/orders & (s3://lake/rates | alias(alias))",
    },
    "both": {"assets": ["s3://lake/orders"], "text": "s3://lake/orders", "time": "0 0 * * *"},
    "several": {"crons": ["0 1 * * *", "0 2 * * 0"]},
    "events": {"events": ["2024-05-01T00:00:00"]},
    "interval": 21600,
    "preset": "0 0 * * 0",
    "once": "@once",
    "continuous": "@continuous",
    "never": None,
}


@pytest.fixture(scope="module")
def dags(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Facts of the DAGs, by id."""
    path = tmp_path_factory.mktemp("airflow3") / "dags.py"
    path.write_text(DAGS, "utf-8")
    (entry,) = airflow_facts(path, major=3).values()
    assert entry["error"] is None, entry["traceback"]
    return {dag["dag_id"]: dag for dag in entry["dags"]}


def test_schedules(dags: dict[str, Any]) -> None:
    assert {dag_id: dag["schedule"] for dag_id, dag in dags.items()} == SCHEDULES


def test_dag(dags: dict[str, Any]) -> None:
    dag = dags["full"]
    assert dag["timetable"]["class"] == "CronTriggerTimetable"
    assert dag["timetable"]["timezone"] == "UTC"
    assert dag["start_date"] == "2024-01-01T00:00:00+00:00"
    assert dag["end_date"] == "2025-01-01T00:00:00+00:00"
    assert (dag["catchup"], dag["dagrun_timeout_seconds"]) == (True, 7200)
    assert dag["tags"] == ["a", "b"]
    assert dag["params"] == {"market": "BE", "days": 3}
    assert list(dag["callbacks"]) == ["on_failure_callback"]
    assert dags["never"]["catchup"] is False


def test_tasks(dags: dict[str, Any]) -> None:
    tasks = {task["task_id"]: task for task in dags["full"]["tasks"]}
    assert {name: task["upstream"] for name, task in tasks.items()} == {
        "first": [],
        "group.each": [],
        "group.last": ["first", "group.each"],
    }
    assert {name: task["group"] for name, task in tasks.items()} == {
        "first": None,
        "group.each": "group",
        "group.last": "group",
    }
    assert {name: task["mapped"] for name, task in tasks.items()} == {
        "first": False,
        "group.each": True,
        "group.last": False,
    }
    assert [task["retries"] for task in tasks.values()] == [2, 0, 2]
    assert {task["retry_delay_seconds"] for task in tasks.values()} == {60}
    assert tasks["group.last"]["trigger_rule"] == "one_failed"


def test_operator_and_times(dags: dict[str, Any]) -> None:
    first, each, last = dags["full"]["tasks"]
    assert first["operator_path"] == "airflow.providers.standard.operators.bash.BashOperator"
    assert (first["execution_timeout_seconds"], first["max_retry_delay_seconds"]) == (300, 540)
    assert list(first["callbacks"]) == ["on_success_callback"]
    assert (each["operator"], last["operator"]) == ("BashOperator", "_PythonDecoratedOperator")


def test_template_fields(dags: dict[str, Any]) -> None:
    first, each, last = dags["full"]["tasks"]
    assert first["template_fields"]["bash_command"] == "echo {{ ds }}"
    assert first["template_fields"]["env"] == {"A": "1"}
    assert each["template_fields"]["expand"] == {"bash_command": ["a", "b"]}
    assert last["template_fields"]["op_args"] == [
        {"xcom": {"task_id": "first", "key": "return_value"}}
    ]
