"""depends_on_past in the first run of a DAG: there is nothing to wait for."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator

with DAG(
    "past_first_run",
    start_date=datetime(2024, 1, 1),
    schedule="@daily",
    catchup=False,
    default_args={"depends_on_past": True},
):
    EmptyOperator(task_id="first") >> BashOperator(task_id="second", bash_command="echo {{ ds }}")
