"""A pool limits how many tasks run, not what becomes of them."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("limit_pool", start_date=datetime(2024, 1, 1), schedule=None):
    for name in ("a", "b"):
        BashOperator(task_id=name, bash_command=f"echo {name}", pool="default_pool", pool_slots=1)
