from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator

with DAG("duplicate_task_id", start_date=datetime(2023, 1, 1), schedule_interval="@daily") as dag:
    load = EmptyOperator(task_id="load")
    again = EmptyOperator(task_id="load")
    load >> again
