"""A teardown runs after the work failed; its success does not hide the failure."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator


def fail():
    raise ValueError("broken")


with DAG("teardown_after_failure", start_date=datetime(2024, 1, 1), schedule=None):
    create = BashOperator(task_id="create", bash_command="echo cluster")
    work = PythonOperator(task_id="work", python_callable=fail)
    delete = BashOperator(task_id="delete", bash_command="echo deleted")
    create >> work >> delete.as_teardown(setups=create)
