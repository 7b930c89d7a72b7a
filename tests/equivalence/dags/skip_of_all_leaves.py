"""A run whose leaves are all skipped succeeds."""

from datetime import datetime

from airflow import DAG
from airflow.exceptions import AirflowSkipException
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def skip():
    raise AirflowSkipException("nothing to do")


with DAG("skip_of_all_leaves", start_date=datetime(2024, 1, 1), schedule=None):
    PythonOperator(task_id="skip", python_callable=skip) >> [
        EmptyOperator(task_id="left"),
        EmptyOperator(task_id="right"),
    ]
