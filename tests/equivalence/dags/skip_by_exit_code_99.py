"""A shell command that ends with 99 skips its task."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator

with DAG("skip_by_exit_code_99", start_date=datetime(2024, 1, 1), schedule=None):
    BashOperator(task_id="command", bash_command="echo bye; exit 99") >> EmptyOperator(
        task_id="after"
    )
