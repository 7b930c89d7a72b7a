"""A run without a value for a param that has no default is refused."""

from datetime import datetime

from airflow import DAG
from airflow.models.param import Param
from airflow.operators.bash import BashOperator

with DAG(
    "params_missing",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    params={"market": Param(type="string")},
):
    BashOperator(task_id="command", bash_command="echo {{ params.market }}")
