"""xcom_pull in templates: the result, a key, an item of a dict, a task in a group."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator
from airflow.utils.task_group import TaskGroup


def result():
    return {"name": "orders", "size": 3}


def push(ti):
    ti.xcom_push(key="path", value="/data/x")


with DAG("data_in_templates", start_date=datetime(2024, 1, 1), schedule=None):
    first = PythonOperator(task_id="result", python_callable=result)
    with TaskGroup("group"):
        second = PythonOperator(task_id="push", python_callable=push)
    show = BashOperator(
        task_id="show",
        bash_command=(
            "echo {{ ti.xcom_pull(task_ids='result')['name'] }}"
            " {{ ti.xcom_pull('group.push', key='path') }}"
            " {{ task_instance.xcom_pull(task_ids='result').size }}"
        ),
    )
    [first, second] >> show
