"""on_retry_callback is called before each further try."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from airflow import DAG
from airflow.operators.python import PythonOperator


def record_retry(context):
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
        file.write(json.dumps(["retry", context["ti"].task_id, str(context["exception"])]) + "\n")


def record_failure(context):
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
        file.write(json.dumps(["failure", context["ti"].task_id]) + "\n")


def fail():
    raise ValueError("broken")


with DAG("callback_retry", start_date=datetime(2024, 1, 1), schedule=None):
    PythonOperator(
        task_id="broken",
        python_callable=fail,
        retries=2,
        retry_delay=timedelta(seconds=0),
        on_retry_callback=record_retry,
        on_failure_callback=record_failure,
    )
