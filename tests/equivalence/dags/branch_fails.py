"""A branch that raises: its tasks are upstream_failed, not skipped."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator


def choose():
    raise KeyError("no such thing")


with DAG("branch_fails", start_date=datetime(2024, 1, 1), schedule=None):
    branch = BranchPythonOperator(task_id="branch", python_callable=choose)
    join = EmptyOperator(task_id="join", trigger_rule="none_failed_min_one_success")
    branch >> [EmptyOperator(task_id="left"), EmptyOperator(task_id="right")] >> join
