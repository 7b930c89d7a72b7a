"""A short circuit skips the work, but not the teardown of a setup that ran."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import ShortCircuitOperator

with DAG("teardown_after_short_circuit", start_date=datetime(2024, 1, 1), schedule=None):
    create = EmptyOperator(task_id="create").as_setup()
    check = ShortCircuitOperator(task_id="check", python_callable=lambda: False)
    work = EmptyOperator(task_id="work")
    delete = EmptyOperator(task_id="delete").as_teardown(setups=create)
    create >> check >> work >> delete
