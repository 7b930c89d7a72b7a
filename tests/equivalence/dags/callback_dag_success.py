"""A DAG's on_success_callback is called once when the run succeeded."""

import json
import os
from datetime import datetime
from pathlib import Path

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator


def record_success(context):
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
        file.write(json.dumps(["dag success", context["dag"].dag_id, context["reason"]]) + "\n")


def record_failure(context):
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
        file.write(json.dumps(["dag failure", context["dag"].dag_id]) + "\n")


with DAG(
    "callback_dag_success",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    on_success_callback=record_success,
    on_failure_callback=record_failure,
):
    EmptyOperator(task_id="first") >> BashOperator(task_id="second", bash_command="echo two")
