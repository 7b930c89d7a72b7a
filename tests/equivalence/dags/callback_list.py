"""A list of callbacks, one of them a partial: each is called."""

import json
import os
from datetime import datetime
from functools import partial
from pathlib import Path

from airflow import DAG
from airflow.operators.bash import BashOperator


def tell(channel, context):
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
        file.write(json.dumps([channel, context["ti"].task_id]) + "\n")


def log(context):
    tell("log", context)


with DAG("callback_list", start_date=datetime(2024, 1, 1), schedule=None):
    BashOperator(
        task_id="bad", bash_command="exit 1", on_failure_callback=[log, partial(tell, "pager")]
    )
