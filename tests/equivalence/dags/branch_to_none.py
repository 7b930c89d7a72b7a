"""A branch that returns None skips everything that directly follows."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator

with DAG("branch_to_none", start_date=datetime(2024, 1, 1), schedule=None):
    branch = BranchPythonOperator(task_id="branch", python_callable=lambda: None)
    left, right = EmptyOperator(task_id="left"), EmptyOperator(task_id="right")
    end = EmptyOperator(task_id="end", trigger_rule="all_done")
    branch >> [left, right] >> end
