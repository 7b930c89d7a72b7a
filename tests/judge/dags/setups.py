"""Setups, for Airflow to judge."""

from datetime import datetime

from airflow import DAG
from airflow.decorators import setup, task, teardown
from airflow.operators.empty import EmptyOperator


@setup
def create():
    return "cluster"


@task
def work(name):
    return name


@teardown
def delete(name):
    return name


with DAG("setups", start_date=datetime(2023, 1, 1), schedule=None):
    name = create()
    with delete(name) as gone:
        work(name)
        EmptyOperator(task_id="plain")
    opened = EmptyOperator(task_id="open").as_setup()
    closed = EmptyOperator(task_id="close")
    inside = EmptyOperator(task_id="inside")
    opened >> inside >> closed.as_teardown(setups=opened)
