"""A false condition skips everything downstream, whatever its trigger rule."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import ShortCircuitOperator

with DAG("short_circuit_false", start_date=datetime(2024, 1, 1), schedule=None):
    check = ShortCircuitOperator(task_id="check", python_callable=lambda: False)
    work = EmptyOperator(task_id="work")
    cleanup = EmptyOperator(task_id="cleanup", trigger_rule="all_done")
    other = EmptyOperator(task_id="other")
    check >> work >> cleanup
    other >> cleanup
