"""Tasks made by a loop, one after another."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator

with DAG("order_loop", start_date=datetime(2024, 1, 1), schedule=None):
    previous = EmptyOperator(task_id="start")
    for number in range(4):
        step = PythonOperator(
            task_id=f"step_{number}", python_callable=lambda n: n * n, op_args=[number]
        )
        previous >> step
        previous = step
