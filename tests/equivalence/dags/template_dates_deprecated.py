"""The old names of dates, which Airflow 2 still renders."""

from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator

NAMES = ["execution_date", "next_ds", "next_ds_nodash", "prev_ds", "yesterday_ds", "tomorrow_ds"]
NAMES += ["next_execution_date", "prev_execution_date", "yesterday_ds_nodash", "tomorrow_ds_nodash"]

with DAG(
    "template_dates_deprecated", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False
):
    PythonOperator(
        task_id="all",
        python_callable=lambda values: values,
        op_args=[[f"{{{{ {name} }}}}" for name in NAMES]],
    )
