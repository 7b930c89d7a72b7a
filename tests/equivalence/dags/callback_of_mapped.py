"""A failing instance of a mapped task calls back with its index."""

import json
import os
from datetime import datetime
from pathlib import Path

from airflow.decorators import dag, task


def record(context):
    ti = context["ti"]
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as file:
        file.write(json.dumps(["failure", ti.task_id, ti.map_index]) + "\n")


@dag(
    dag_id="callback_of_mapped",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    default_args={"on_failure_callback": record},
)
def pipeline():
    @task
    def invert(number):
        return 1 / number

    invert.expand(number=[1, 0])


pipeline()
