"""LatestOnlyOperator skips what directly follows in a run of the past."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.latest_only import LatestOnlyOperator

with DAG(
    "latest_only_in_the_past", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False
):
    latest = LatestOnlyOperator(task_id="latest")
    mail, always = EmptyOperator(task_id="mail"), EmptyOperator(task_id="always")
    after = EmptyOperator(task_id="after")
    end = EmptyOperator(task_id="end", trigger_rule="all_done")
    latest >> mail >> after >> end
    always >> end
