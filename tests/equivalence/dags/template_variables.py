"""Airflow Variables as text, as JSON, with a default, in templates and in code."""

from datetime import datetime

from airflow import DAG
from airflow.models import Variable
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator


def read():
    return [Variable.get("greeting"), Variable.get("limits", deserialize_json=True)["high"]]


def defaults():
    return [
        Variable.get("unset", default_var="a"),
        Variable.get("unset", "b"),
        Variable.get("unset", None),
        Variable.get("number", default_var=5),
        Variable.get("tree", default_var={"k": 1}, deserialize_json=True),
        Variable.get("text", default_var="{}", deserialize_json=True),
    ]


with DAG("template_variables", start_date=datetime(2024, 1, 1), schedule=None):
    PythonOperator(task_id="code", python_callable=read)
    PythonOperator(task_id="defaults", python_callable=defaults)
    BashOperator(
        task_id="template",
        bash_command=(
            "echo {{ var.value.greeting }} {{ var.json.limits.low }}"
            " {{ var.value.get('absent', 'fallback') }}"
        ),
    )
