"""One success among skipped tasks is enough for one_success."""

from datetime import datetime

from airflow import DAG
from airflow.exceptions import AirflowSkipException
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def skip():
    raise AirflowSkipException


with DAG("skip_then_one_success", start_date=datetime(2024, 1, 1), schedule=None):
    first = PythonOperator(task_id="first", python_callable=skip)
    second = EmptyOperator(task_id="second")
    end = EmptyOperator(task_id="end", trigger_rule="one_success")
    [first, second] >> end
