"""A setup that was skipped: work and teardown are skipped too."""

from datetime import datetime

from airflow import DAG
from airflow.exceptions import AirflowSkipException
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def skip():
    raise AirflowSkipException("there already")


with DAG("teardown_of_skipped_setup", start_date=datetime(2024, 1, 1), schedule=None):
    create = PythonOperator(task_id="create", python_callable=skip)
    work = EmptyOperator(task_id="work")
    delete = EmptyOperator(task_id="delete")
    create >> work >> delete.as_teardown(setups=create)
