"""Callables that give lists, one of what a generator yields."""

from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator


def numbers():
    yield 1
    yield 2


with DAG("python_generator", start_date=datetime(2024, 1, 1), schedule=None):
    PythonOperator(task_id="numbers", python_callable=lambda: list(range(3)))
    PythonOperator(task_id="yielded", python_callable=lambda: list(numbers()))
