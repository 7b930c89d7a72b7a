"""Mapped, for Airflow to judge."""

from datetime import datetime

from airflow import DAG
from airflow.decorators import task
from airflow.operators.bash import BashOperator


@task
def numbers():
    return [1, 2, 3]


@task
def add(x, y):
    return x + y


@task
def total(values):
    return sum(values)


with DAG("mapped", start_date=datetime(2023, 1, 1), schedule=None):
    total(add.partial(y=10).expand(x=numbers()))
    BashOperator.partial(task_id="echo", retries=2).expand(bash_command=["a", "b"])
    add.override(task_id="pairs").expand_kwargs([{"x": 1, "y": 2}])
