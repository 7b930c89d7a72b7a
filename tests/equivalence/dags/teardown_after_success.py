"""A setup, its work and its teardown, all well."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("teardown_after_success", start_date=datetime(2024, 1, 1), schedule=None):
    create = BashOperator(task_id="create", bash_command="echo cluster")
    work = BashOperator(task_id="work", bash_command="echo {{ ti.xcom_pull('create') }}")
    delete = BashOperator(task_id="delete", bash_command="echo deleted")
    create >> work >> delete.as_teardown(setups=create)
