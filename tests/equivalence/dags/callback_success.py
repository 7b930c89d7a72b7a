"""on_success_callback and on_execute_callback of a task."""

import json
import os
from datetime import datetime
from pathlib import Path

from airflow import DAG
from airflow.operators.bash import BashOperator


def record_start(context):
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
        file.write(json.dumps(["start", context["ti"].task_id]) + "\n")


def record_success(context):
    ti = context["ti"]
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
        file.write(json.dumps(["success", ti.task_id, context["run_id"]]) + "\n")


with DAG("callback_success", start_date=datetime(2024, 1, 1), schedule=None):
    BashOperator(
        task_id="good",
        bash_command="echo good",
        on_execute_callback=record_start,
        on_success_callback=record_success,
    )
    BashOperator(
        task_id="bad",
        bash_command="exit 1",
        on_execute_callback=record_start,
        on_success_callback=record_success,
    )
