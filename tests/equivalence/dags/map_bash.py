"""An operator with partial and expand over its command."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("map_bash", start_date=datetime(2024, 1, 1), schedule=None):
    BashOperator.partial(task_id="say", env={"WHO": "{{ ds }}"}).expand(
        bash_command=["echo one $WHO", "echo two $WHO"]
    )
