"""A task that outlives execution_timeout fails, and what it does stops."""

import time
from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def linger():
    for _ in range(200):
        time.sleep(0.05)
    return "too late"


with DAG("timeout_of_execution", start_date=datetime(2024, 1, 1), schedule=None):
    slow = PythonOperator(
        task_id="slow", python_callable=linger, execution_timeout=timedelta(seconds=0.3)
    )
    quick = BashOperator(
        task_id="quick", bash_command="echo quick", execution_timeout=timedelta(minutes=1)
    )
    slow >> EmptyOperator(task_id="after_slow")
    quick >> EmptyOperator(task_id="after_quick")
