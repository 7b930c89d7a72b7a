"""fail_stop: the first failure skips every task that did not run yet."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator

with DAG("fail_fast", start_date=datetime(2024, 1, 1), schedule=None, fail_stop=True):
    start = EmptyOperator(task_id="start")
    bad = BashOperator(task_id="bad", bash_command="exit 1")
    later = EmptyOperator(task_id="later")
    last = EmptyOperator(task_id="last")
    start >> bad >> later >> last
