"""The dates of a scheduled run, with those of its neighbours."""

from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator


def show(**values):
    return {key: str(value) for key, value in values.items() if key.startswith("x_")}


with DAG(
    "template_dates_of_schedule",
    start_date=datetime(2024, 1, 1),
    schedule="0 6 * * 1-5",
    catchup=False,
):
    PythonOperator(
        task_id="show",
        python_callable=show,
        op_kwargs={
            "x_ds": "{{ ds }}",
            "x_start": "{{ data_interval_start }}",
            "x_end": "{{ data_interval_end | ds }}",
            "x_logical": "{{ logical_date.strftime('%d/%m/%Y') }}",
            "x_run_id": "{{ run_id }}",
            "x_prev": "{{ prev_data_interval_start_success }}",
        },
    )
