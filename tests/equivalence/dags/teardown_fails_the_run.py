"""on_failure_fail_dagrun lets a teardown's failure fail the run."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator

with DAG("teardown_fails_the_run", start_date=datetime(2024, 1, 1), schedule=None):
    create = EmptyOperator(task_id="create")
    work = EmptyOperator(task_id="work")
    delete = BashOperator(task_id="delete", bash_command="exit 1")
    create >> work >> delete.as_teardown(setups=create, on_failure_fail_dagrun=True)
