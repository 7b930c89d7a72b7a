"""Params with defaults, in templates and in code."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator


def show(market, **context):
    return [market, context["params"]["sizes"], context["params"]["market"]]


with DAG(
    "template_params",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    params={"market": "BE", "sizes": [1, 2]},
):
    PythonOperator(task_id="show", python_callable=show, op_args=["{{ params.market }}"])
    BashOperator(
        task_id="own",
        bash_command="echo {{ params.market }} {{ params.extra }}",
        params={"extra": "own"},
    )
