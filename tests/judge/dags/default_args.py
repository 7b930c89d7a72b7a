"""Default args, for Airflow to judge."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator

DEFAULTS = {
    "owner": "team",
    "retries": 3,
    "retry_delay": timedelta(seconds=30),
    "start_date": datetime(2022, 5, 1),
    "execution_timeout": timedelta(hours=1),
    "trigger_rule": "all_done",
}

with DAG("default_args", default_args=DEFAULTS, schedule=timedelta(hours=6)) as dag:
    BashOperator(task_id="inherits", bash_command="true")
    BashOperator(task_id="overrides", bash_command="true", retries=0, trigger_rule="one_failed")
    BashOperator(task_id="merged", bash_command="true", **{**DEFAULTS, "retries": 9})
