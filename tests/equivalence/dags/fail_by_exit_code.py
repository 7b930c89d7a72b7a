"""sys.exit(0) is a success, any other exit code a failure."""

import sys
from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def leave(code):
    sys.exit(code)


with DAG("fail_by_exit_code", start_date=datetime(2024, 1, 1), schedule=None):
    PythonOperator(task_id="zero", python_callable=leave, op_args=[0]) >> EmptyOperator(
        task_id="after_zero"
    )
    PythonOperator(task_id="two", python_callable=leave, op_args=[2]) >> EmptyOperator(
        task_id="after_two"
    )
