"""on_skipped_callback is called when a task skips itself."""

import json
import os
from datetime import datetime
from pathlib import Path

from airflow import DAG
from airflow.exceptions import AirflowSkipException
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def record(context):
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
        file.write(json.dumps(["skipped", context["ti"].task_id]) + "\n")


def skip():
    raise AirflowSkipException("not today")


with DAG(
    "callback_skipped",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    default_args={"on_skipped_callback": record},
):
    PythonOperator(task_id="skip", python_callable=skip) >> EmptyOperator(task_id="after")
