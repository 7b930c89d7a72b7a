"""Only tasks that do nothing."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator

with DAG("order_empty", start_date=datetime(2024, 1, 1), schedule=None):
    (
        EmptyOperator(task_id="start")
        >> EmptyOperator(task_id="middle")
        >> EmptyOperator(task_id="end")
    )
