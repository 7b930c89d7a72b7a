"""A join is skipped as soon as one task before it is, though another one fails later."""

from datetime import datetime

from airflow import DAG
from airflow.exceptions import AirflowSkipException
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def skip():
    raise AirflowSkipException


def fail():
    raise ValueError("broken")


with DAG("skip_before_failure", start_date=datetime(2024, 1, 1), schedule=None):
    first = PythonOperator(task_id="first", python_callable=skip)
    second = PythonOperator(task_id="second", python_callable=fail, trigger_rule="all_done")
    join = EmptyOperator(task_id="join")
    first >> second
    [first, second] >> join
