"""on_failure_callback is called once, after the last try, with the exception."""

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def record(context):
    ti = context["task_instance"]
    line = ["failure", ti.task_id, ti.try_number, str(context["exception"]), context["ds"]]
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
        file.write(json.dumps(line) + "\n")


def fail():
    raise ValueError("broken")


with DAG(
    "callback_failure",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    default_args={"on_failure_callback": record},
):
    PythonOperator(
        task_id="broken", python_callable=fail, retries=1, retry_delay=timedelta(seconds=0)
    ) >> EmptyOperator(task_id="after")
    BashOperator(task_id="good", bash_command="echo good")
