"""A run's conf, over the params."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator


def show(**context):
    return [
        context["dag_run"].conf.get("market"),
        context["params"]["market"],
        context["params"]["size"],
    ]


with DAG(
    "template_conf",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    params={"market": "BE", "size": 1},
):
    PythonOperator(task_id="show", python_callable=show)
    BashOperator(
        task_id="command",
        bash_command="echo {{ dag_run.conf['market'] }} {{ dag_run.conf.get('none', 'default') }}",
    )
