from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator

with DAG("cycle", start_date=datetime(2023, 1, 1), schedule_interval="@daily") as dag:
    extract = EmptyOperator(task_id="extract")
    load = EmptyOperator(task_id="load")
    report = EmptyOperator(task_id="report")
    extract >> load >> report >> extract
