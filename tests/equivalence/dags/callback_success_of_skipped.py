"""Airflow 2 calls on_success_callback of a task that skips itself, too."""

import json
import os
from datetime import datetime
from pathlib import Path

from airflow import DAG
from airflow.exceptions import AirflowSkipException
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator


def record(word):
    def callback(context):
        ti = context["ti"]
        with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
            file.write(json.dumps([word, ti.task_id, str(ti.state)]) + "\n")

    return callback


def skip():
    raise AirflowSkipException("not today")


with DAG(
    "callback_success_of_skipped",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    default_args={
        "on_success_callback": record("success"),
        "on_skipped_callback": record("skipped"),
    },
):
    PythonOperator(task_id="skips", python_callable=skip)
    BashOperator(task_id="command", bash_command="exit 99")
    PythonOperator(task_id="works", python_callable=lambda: 1)
