"""A task with one_failed runs because another task failed."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator

with DAG("fail_alert_runs", start_date=datetime(2024, 1, 1), schedule=None):
    good = BashOperator(task_id="good", bash_command="echo good")
    bad = BashOperator(task_id="bad", bash_command="echo bad >&2; exit 1")
    alert = BashOperator(task_id="alert", bash_command="echo alert", trigger_rule="one_failed")
    [good, bad] >> alert
