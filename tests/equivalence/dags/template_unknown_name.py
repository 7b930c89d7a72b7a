"""A name that does not exist fails the task that renders it."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("template_unknown_name", start_date=datetime(2024, 1, 1), schedule=None):
    BashOperator(task_id="show", bash_command="echo '[{{ no_such_name }}]'")
