"""A setup that failed: neither the work nor the teardown runs."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator

with DAG("teardown_without_setup", start_date=datetime(2024, 1, 1), schedule=None):
    create = BashOperator(task_id="create", bash_command="exit 1")
    work = EmptyOperator(task_id="work")
    delete = EmptyOperator(task_id="delete")
    create >> work >> delete.as_teardown(setups=create)
