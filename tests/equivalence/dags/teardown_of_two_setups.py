"""A teardown with two setups runs when one of them succeeded."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator

with DAG("teardown_of_two_setups", start_date=datetime(2024, 1, 1), schedule=None):
    disk = EmptyOperator(task_id="disk").as_setup()
    cluster = BashOperator(task_id="cluster", bash_command="exit 1").as_setup()
    work = EmptyOperator(task_id="work")
    delete = EmptyOperator(task_id="delete").as_teardown(setups=[disk, cluster])
    [disk, cluster] >> work >> delete
