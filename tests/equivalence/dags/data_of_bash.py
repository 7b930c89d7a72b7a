"""A shell command gives its last line."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("data_of_bash", start_date=datetime(2024, 1, 1), schedule=None):
    first = BashOperator(task_id="first", bash_command="echo one; echo two")
    silent = BashOperator(task_id="silent", bash_command="true")
    show = BashOperator(task_id="show", bash_command="echo got {{ ti.xcom_pull('first') }}")
    [first, silent] >> show
