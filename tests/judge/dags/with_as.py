"""A DAG as a context manager."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG(
    "with_as",
    start_date=datetime(2023, 1, 1),
    schedule="0 3 * * *",
    catchup=False,
    tags=["b", "a"],
) as dag:
    first = BashOperator(task_id="first", bash_command="true", retries=2)
    second = BashOperator(
        task_id="second", bash_command="true", execution_timeout=timedelta(minutes=5)
    )
    first >> second
