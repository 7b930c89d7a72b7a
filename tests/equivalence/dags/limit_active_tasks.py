"""max_active_tasks=1: one at a time, with the same results."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("limit_active_tasks", start_date=datetime(2024, 1, 1), schedule=None, max_active_tasks=1):
    for name in ("a", "b", "c"):
        BashOperator(task_id=name, bash_command=f"echo {name}")
