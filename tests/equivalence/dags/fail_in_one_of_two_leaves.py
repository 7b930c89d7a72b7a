"""One leaf fails, the other one succeeds: the run fails."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator

with DAG("fail_in_one_of_two_leaves", start_date=datetime(2024, 1, 1), schedule=None):
    start = EmptyOperator(task_id="start")
    good = EmptyOperator(task_id="good")
    bad = BashOperator(task_id="bad", bash_command="exit 3")
    start >> [good, bad]
