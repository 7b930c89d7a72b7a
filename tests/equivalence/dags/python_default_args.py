"""default_args reach every task, and a task's own argument wins."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator


def fail(ti):
    raise ValueError(f"try {ti.try_number}")


ARGS = {"retries": 2, "retry_delay": timedelta(seconds=0), "trigger_rule": "all_done"}

with DAG("python_default_args", start_date=datetime(2024, 1, 1), schedule=None, default_args=ARGS):
    first = PythonOperator(task_id="first", python_callable=fail)
    second = PythonOperator(task_id="second", python_callable=fail, retries=0)
    first >> second >> BashOperator(task_id="last", bash_command="echo last")
