"""A retried command sees the number of its try."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("retry_in_bash", start_date=datetime(2024, 1, 1), schedule=None):
    BashOperator(
        task_id="command",
        bash_command="echo {{ ti.try_number }}; test {{ ti.try_number }} -ge 2",
        retries=1,
        retry_delay=timedelta(seconds=0),
    )
