""".output of an operator as an argument."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator


def size(text, **_):
    return len(text)


with DAG("data_of_operator_output", start_date=datetime(2024, 1, 1), schedule=None):
    say = BashOperator(task_id="say", bash_command="echo hello")
    PythonOperator(task_id="size", python_callable=size, op_kwargs={"text": say.output})
