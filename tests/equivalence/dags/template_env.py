"""The environment of a shell command is rendered."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("template_env", start_date=datetime(2024, 1, 1), schedule=None):
    BashOperator(
        task_id="show",
        bash_command="echo $DAY-$NUMBER",
        env={"DAY": "{{ ds }}", "NUMBER": "7"},
    )
    BashOperator(
        task_id="appended",
        bash_command='echo "$DAY:${HOME:+home}"',
        env={"DAY": "{{ ds_nodash }}"},
        append_env=True,
    )
