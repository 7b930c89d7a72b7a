from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator

with DAG("duplicate_dag_id", start_date=datetime(2023, 1, 1), schedule_interval="@daily") as dag:
    EmptyOperator(task_id="only_in_a")
