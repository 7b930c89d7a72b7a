"""A branch that returns no text fails."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator

with DAG("branch_to_a_number", start_date=datetime(2024, 1, 1), schedule=None):
    branch = BranchPythonOperator(task_id="branch", python_callable=lambda: 7)
    branch >> [EmptyOperator(task_id="left"), EmptyOperator(task_id="right")]
