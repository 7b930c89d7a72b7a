"""A template that raises while it is rendered fails its task."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator

with DAG("template_fails", start_date=datetime(2024, 1, 1), schedule=None):
    first = BashOperator(
        task_id="first", bash_command="echo {{ 1 / params.zero }}", params={"zero": 0}
    )
    first >> EmptyOperator(task_id="after")
