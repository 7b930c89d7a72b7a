"""A branch that is skipped skips what it would have chosen from."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator


def outer():
    return "other"


def inner():
    return "left"


with DAG("branch_nested_not_taken", start_date=datetime(2024, 1, 1), schedule=None):
    start = BranchPythonOperator(task_id="outer", python_callable=outer)
    inside = BranchPythonOperator(task_id="inner", python_callable=inner)
    other = EmptyOperator(task_id="other")
    left, right = EmptyOperator(task_id="left"), EmptyOperator(task_id="right")
    end = EmptyOperator(task_id="end", trigger_rule="none_failed")
    start >> [inside, other]
    inside >> [left, right] >> end
    other >> end
