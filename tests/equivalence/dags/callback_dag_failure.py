"""A DAG's on_failure_callback is called once, with the reason and the run."""

import json
import os
from datetime import datetime
from pathlib import Path

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator


def record(context):
    line = ["dag failure", context["reason"], context["run_id"], context["dag_run"].conf]
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
        file.write(json.dumps(line) + "\n")


with DAG(
    "callback_dag_failure",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    on_failure_callback=record,
):
    BashOperator(task_id="first", bash_command="exit 1") >> EmptyOperator(task_id="after")
    BashOperator(task_id="other", bash_command="exit 2")
