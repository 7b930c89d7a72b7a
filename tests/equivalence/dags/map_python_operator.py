"""PythonOperator over op_args."""

from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator


def add(left, right):
    return left + right


with DAG("map_python_operator", start_date=datetime(2024, 1, 1), schedule=None):
    PythonOperator.partial(task_id="add", python_callable=add).expand(op_args=[[1, 2], [3, 4]])
