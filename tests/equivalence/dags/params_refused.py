"""A run whose conf does not meet the JSON schema of a param is refused."""

from datetime import datetime

from airflow import DAG
from airflow.models.param import Param
from airflow.operators.bash import BashOperator

with DAG(
    "params_refused",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    params={"size": Param(5, type="integer", minimum=1)},
):
    BashOperator(task_id="command", bash_command="echo {{ params.size }}")
