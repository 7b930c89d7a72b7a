"""Airflow's macros."""

from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator

TEXTS = [
    "{{ macros.ds_add(ds, 7) }}",
    "{{ macros.ds_add(ds, -1) }}",
    "{{ macros.ds_format(ds, '%Y-%m-%d', '%Y/%m') }}",
    "{{ (logical_date + macros.timedelta(hours=3)).isoformat() }}",
    "{{ macros.datetime(2024, 1, 2).year }}",
    "{{ macros.dateutil.relativedelta.relativedelta(months=1).months }}",
    "{{ (logical_date - macros.dateutil.relativedelta.relativedelta(months=1)) | ds }}",
]

with DAG("template_macros", start_date=datetime(2024, 1, 1), schedule=None):
    PythonOperator(task_id="show", python_callable=lambda texts: texts, op_args=[TEXTS])
