"""What Airflow's sensors and SQL checks compute: cases as JSON on stdin, answers on stdout.

Runs in the environment that has Airflow; nothing here knows this project.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pendulum
from airflow.exceptions import AirflowException
from airflow.models.taskinstance import TaskInstance
from airflow.providers.common.sql.operators.sql import (
    SQLColumnCheckOperator,
    SQLIntervalCheckOperator,
    SQLTableCheckOperator,
    SQLValueCheckOperator,
    _parse_boolean,
)
from airflow.sensors.base import BaseSensorOperator


def column(case: dict[str, Any]) -> bool:
    operator = SQLColumnCheckOperator(
        task_id="t",
        table="T",
        column_mapping={"C": {"min": case["check"]}},
        accept_none=case["accept_none"],
    )
    return operator._get_match(case["check"], case["value"], case["check"].get("tolerance"))


def value(case: dict[str, Any]) -> bool:
    arguments = {"pass_value": case["expected"], "tolerance": case["tolerance"]}
    operator = SQLValueCheckOperator(task_id="t", sql="SELECT 1", **arguments)
    try:
        operator.check_value(case["values"])
    except AirflowException as error:
        return "float failed" in str(error) and "ValueError"  # type: ignore[return-value]
    return True


def query(case: dict[str, Any]) -> str:
    if case["of"] == "columns":
        operator: Any = SQLColumnCheckOperator(
            task_id="t",
            table="T",
            column_mapping=case["checks"],
            partition_clause=case["partition"],
        )
    else:
        operator = SQLTableCheckOperator(
            task_id="t", table="T", checks=case["checks"], partition_clause=case["partition"]
        )
    return " ".join(operator.sql.replace("UNION ALL", " UNION ALL ").split())


def ratio(case: dict[str, Any]) -> float:
    return float(SQLIntervalCheckOperator.ratio_formulas[case["formula"]](*case["values"]))


def truth(case: dict[str, Any]) -> Any:
    try:
        return _parse_boolean(str(case["value"]))
    except ValueError:
        return "ValueError"


def backoff(case: dict[str, Any]) -> float:
    sensor = BaseSensorOperator(
        task_id=case["task_id"],
        poke_interval=case["interval"],
        timeout=case["timeout"],
        max_wait=case["max_wait"],
        exponential_backoff=True,
    )
    passed = case["passed"]
    wait = sensor._get_next_poke_interval(case["started"], lambda: passed, case["count"])
    # A task without a DAG has a DAG id of its own, which is part of the hash.
    return [sensor.dag_id, wait]  # type: ignore[return-value]


def retry(case: dict[str, Any]) -> float:
    longest = case["longest"]
    task = SimpleNamespace(
        retry_delay=timedelta(seconds=case["delay"]),
        retry_exponential_backoff=True,
        max_retry_delay=None if longest is None else timedelta(seconds=longest),
    )
    end = datetime(2024, 1, 1)
    attempt: Any = SimpleNamespace(
        task=task,
        dag_id="d",
        task_id="t",
        try_number=case["failed"],
        execution_date=pendulum.instance(datetime.fromisoformat(case["date"])),
        end_date=end,
    )
    return (TaskInstance.next_retry_datetime(attempt) - end).total_seconds()


ANSWERS = {
    "retry": retry,
    "column": column,
    "value": value,
    "query": query,
    "ratio": ratio,
    "truth": truth,
    "backoff": backoff,
}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    cases = json.load(sys.stdin)
    print("answers:" + json.dumps([ANSWERS[case["kind"]](case) for case in cases]))
