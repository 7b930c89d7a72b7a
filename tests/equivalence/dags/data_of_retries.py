"""A retried task's pushes of an earlier try are gone."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.python import PythonOperator


def push(ti):
    if ti.try_number == 1:
        ti.xcom_push(key="first", value=1)
        raise ValueError("again")
    ti.xcom_push(key="second", value=2)


with DAG("data_of_retries", start_date=datetime(2024, 1, 1), schedule=None):
    PythonOperator(
        task_id="push", python_callable=push, retries=1, retry_delay=timedelta(seconds=0)
    )
