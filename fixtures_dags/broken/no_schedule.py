from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator

# Says nothing about its schedule: Airflow 2 runs it daily, Airflow 3 never.
with DAG("no_schedule", start_date=datetime(2023, 1, 1)) as dag:
    EmptyOperator(task_id="start")
