"""A leaf that runs always and succeeds makes the run a success, whatever failed before it."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def fail():
    raise ValueError("broken")


with DAG("fail_masked_by_all_done_leaf", start_date=datetime(2024, 1, 1), schedule=None):
    work = PythonOperator(task_id="work", python_callable=fail)
    publish = EmptyOperator(task_id="publish")
    report = EmptyOperator(task_id="report", trigger_rule="all_done")
    work >> publish >> report
