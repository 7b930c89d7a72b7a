"""A join is upstream_failed as soon as one task before it failed, though another one skips later."""

from datetime import datetime

from airflow import DAG
from airflow.exceptions import AirflowSkipException
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def skip():
    raise AirflowSkipException


def fail():
    raise ValueError("broken")


with DAG("fail_before_skip", start_date=datetime(2024, 1, 1), schedule=None):
    first = PythonOperator(task_id="first", python_callable=fail)
    second = PythonOperator(task_id="second", python_callable=skip, trigger_rule="all_done")
    join = EmptyOperator(task_id="join", trigger_rule="none_failed")
    first >> second
    [first, second] >> join
