"""Suffixes, for Airflow to judge."""

from datetime import datetime

from airflow.decorators import dag, task


@task
def load(x=0):
    return x


@dag(start_date=datetime(2023, 1, 1), schedule=None)
def suffixes():
    for number in range(3):
        load(number)
    load.override(task_id="other")(5)
    load.override(task_id="load__9")(5)
    load(6)


suffixes()
