"""A branch that names a task it does not have fails."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator

with DAG("branch_to_unknown_task", start_date=datetime(2024, 1, 1), schedule=None):
    branch = BranchPythonOperator(task_id="branch", python_callable=lambda: "nowhere")
    branch >> [EmptyOperator(task_id="left"), EmptyOperator(task_id="right")]
