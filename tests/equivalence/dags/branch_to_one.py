"""A branch follows one of three tasks; the others are skipped."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator


def choose():
    return "medium"


with DAG("branch_to_one", start_date=datetime(2024, 1, 1), schedule=None):
    branch = BranchPythonOperator(task_id="branch", python_callable=choose)
    branch >> [
        EmptyOperator(task_id="small"),
        BashOperator(task_id="medium", bash_command="echo medium"),
        EmptyOperator(task_id="large"),
    ]
