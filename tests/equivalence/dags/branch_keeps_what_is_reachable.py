"""A task that the chosen one leads to is not skipped by the branch itself."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator


def choose():
    return ["extra"]


with DAG("branch_keeps_what_is_reachable", start_date=datetime(2024, 1, 1), schedule=None):
    branch = BranchPythonOperator(task_id="branch", python_callable=choose)
    extra = BashOperator(task_id="extra", bash_command="echo extra")
    side = EmptyOperator(task_id="side")
    join = BashOperator(task_id="join", bash_command="echo joined")
    branch >> extra >> join
    branch >> [side, join]
