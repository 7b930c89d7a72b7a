"""A group after a branch that was not taken is skipped as a whole."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator
from airflow.utils.task_group import TaskGroup

with DAG("group_is_skipped", start_date=datetime(2024, 1, 1), schedule=None):
    branch = BranchPythonOperator(task_id="branch", python_callable=lambda: "go")
    with TaskGroup("stay") as stay:
        EmptyOperator(task_id="a") >> EmptyOperator(task_id="b", trigger_rule="all_success")
    branch >> [EmptyOperator(task_id="go"), stay]
