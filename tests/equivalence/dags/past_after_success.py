"""depends_on_past and wait_for_downstream after a run that went well."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator

with DAG("past_after_success", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    first = EmptyOperator(task_id="first", wait_for_downstream=True)
    second = BashOperator(task_id="second", bash_command="echo {{ ds }}", depends_on_past=True)
    first >> second
