"""A branch follows a task group: the tasks that begin it."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator
from airflow.utils.task_group import TaskGroup


def choose():
    return "heavy"


with DAG("branch_to_group", start_date=datetime(2024, 1, 1), schedule=None):
    branch = BranchPythonOperator(task_id="branch", python_callable=choose)
    with TaskGroup("light") as light:
        EmptyOperator(task_id="a") >> EmptyOperator(task_id="b")
    with TaskGroup("heavy") as heavy:
        [EmptyOperator(task_id="a"), EmptyOperator(task_id="b")] >> EmptyOperator(task_id="c")
    join = EmptyOperator(task_id="join", trigger_rule="none_failed_min_one_success")
    branch >> [light, heavy] >> join
