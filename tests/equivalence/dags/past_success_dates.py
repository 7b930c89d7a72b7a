"""A second run knows the dates of the first one, which succeeded."""

from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator

with DAG("past_success_dates", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    PythonOperator(
        task_id="show",
        python_callable=lambda *values: list(values),
        op_args=[
            "{{ prev_data_interval_start_success }}",
            "{{ prev_data_interval_end_success }}",
            "{{ ds }}",
        ],
    )
