"""Callbacks that are objects of the DAG's own classes, and methods of them."""

import functools
import json
import os
from datetime import datetime
from pathlib import Path

from airflow import DAG
from airflow.operators.bash import BashOperator


class Recorder:
    def __init__(self, kind, *, prefix="r"):
        self.kind = kind
        self.prefix = prefix

    def note(self, *what):
        with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as record:
            record.write(json.dumps([self.prefix, self.kind, *what]) + "\n")

    def __call__(self, context):
        self.note("called", context["dag"].dag_id)

    def method(self, context, more=None):
        self.note("method", context["task_instance"].task_id, more)


recorder = Recorder("shared")

with DAG(
    "callback_of_objects",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    on_failure_callback=[Recorder("dag", prefix="d"), recorder],
):
    good = BashOperator(
        task_id="good",
        bash_command="true",
        on_success_callback=[Recorder("own"), functools.partial(recorder.method, more=[1])],
    )
    bad = BashOperator(task_id="bad", bash_command="false", on_failure_callback=recorder.method)
    good >> bad
