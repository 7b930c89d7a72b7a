"""Several DAGs, one of which Airflow cannot see."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator

with DAG("several_a", start_date=datetime(2023, 1, 1), schedule=None):
    EmptyOperator(task_id="only")
with DAG("several_b", start_date=datetime(2023, 2, 1), schedule="@once"):
    EmptyOperator(task_id="only")


def hidden():
    unseen = DAG("several_hidden", start_date=datetime(2023, 1, 1))
    EmptyOperator(task_id="only", dag=unseen)


hidden()
