"""Within a group, a branch names tasks by their whole ids."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator
from airflow.utils.task_group import TaskGroup


def choose(**context):
    return "work.high" if context["params"]["level"] > 3 else "work.low"


with DAG("branch_in_group", start_date=datetime(2024, 1, 1), schedule=None, params={"level": 5}):
    with TaskGroup("work"):
        branch = BranchPythonOperator(task_id="branch", python_callable=choose)
        low, high = EmptyOperator(task_id="low"), EmptyOperator(task_id="high")
        branch >> [low, high]
    end = EmptyOperator(task_id="end", trigger_rule="none_failed")
    [low, high] >> end
