"""A task with one_failed is skipped when nothing failed, and the run succeeds."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.utils.trigger_rule import TriggerRule

with DAG("fail_alert_is_skipped", start_date=datetime(2024, 1, 1), schedule=None):
    first = EmptyOperator(task_id="first")
    second = EmptyOperator(task_id="second")
    alert = BashOperator(
        task_id="alert", bash_command="echo alert", trigger_rule=TriggerRule.ONE_FAILED
    )
    done = EmptyOperator(task_id="done", trigger_rule=TriggerRule.ALL_DONE)
    [first, second] >> alert >> done
