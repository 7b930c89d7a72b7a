"""Callables under decorators of the project: ids, arguments, and how often the body runs."""

import functools
import json
import os
from datetime import datetime
from pathlib import Path

from airflow import DAG
from airflow.decorators import task
from airflow.operators.python import PythonOperator


def note(*what):
    with Path(os.environ["EQUIVALENCE_RECORD"]).open("a") as record:
        record.write(json.dumps(what) + "\n")


def retrying(times=2):
    def wrap(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            for attempt in range(times):
                try:
                    return function(*args, **kwargs)
                except ValueError:
                    note("again", attempt)
            raise RuntimeError("all attempts failed")

        return inner

    return wrap


def team_task(**options):
    options.setdefault("trigger_rule", "all_done")
    return task(**options)


@retrying(times=3)
def classic(n, ds=None):
    note("classic", n, ds)
    raise ValueError


with DAG("python_own_decorators", start_date=datetime(2024, 1, 1), schedule=None):

    @team_task(multiple_outputs=True)
    @retrying()
    def fetch(n: int = 2, **context) -> dict:
        return {"n": n, "ds": context["ds"]}

    @task
    @retrying(times=1)
    def consume(n, ds):
        return [n, ds]

    fetched = fetch(n=3)
    failing = PythonOperator(task_id="classic", python_callable=classic, op_args=[7])
    consume(n=fetched["n"], ds=fetched["ds"]) >> failing
