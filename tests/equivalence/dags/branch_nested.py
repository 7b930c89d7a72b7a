"""A branch inside of a branch, joined twice."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator


def outer():
    return "inner"


def inner():
    return "left"


with DAG("branch_nested", start_date=datetime(2024, 1, 1), schedule=None):
    start = BranchPythonOperator(task_id="outer", python_callable=outer)
    inside = BranchPythonOperator(task_id="inner", python_callable=inner)
    other = EmptyOperator(task_id="other")
    left, right = EmptyOperator(task_id="left"), EmptyOperator(task_id="right")
    join = EmptyOperator(task_id="join", trigger_rule="none_failed_min_one_success")
    end = EmptyOperator(task_id="end", trigger_rule="none_failed_min_one_success")
    start >> [inside, other]
    inside >> [left, right] >> join
    [join, other] >> end
