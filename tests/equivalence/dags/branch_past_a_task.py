"""A branch may follow the join directly; what it skips on the way does not skip the join."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import BranchPythonOperator


def choose():
    return "join"


with DAG("branch_past_a_task", start_date=datetime(2024, 1, 1), schedule=None):
    branch = BranchPythonOperator(task_id="branch", python_callable=choose)
    extra = EmptyOperator(task_id="extra")
    join = EmptyOperator(task_id="join", trigger_rule="none_failed")
    branch >> extra >> join
    branch >> join
