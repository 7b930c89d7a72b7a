"""Generators, for Airflow to judge."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator


def steps(names, *extra, sep="-", **more):
    for name in names:
        yield f"{name}{sep}{len(extra)}{sep}{len(more)}"
    yield from extra


with DAG("generators", start_date=datetime(2023, 1, 1), schedule=None):
    for step in steps(["a", "b"], "c", *["d", "e"], sep=".", one=1, **{"two": 2}):
        EmptyOperator(task_id=step)
