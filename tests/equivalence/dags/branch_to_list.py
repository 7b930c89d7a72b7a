"""A branch follows several tasks."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import BranchPythonOperator

with DAG("branch_to_list", start_date=datetime(2024, 1, 1), schedule=None):
    branch = BranchPythonOperator(task_id="branch", python_callable=lambda: ["one", "three"])
    for name in ("one", "two", "three"):
        branch >> BashOperator(task_id=name, bash_command=f"echo {name}")
