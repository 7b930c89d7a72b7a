"""AirflowFailException ends the task at once, although it has retries left."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.exceptions import AirflowFailException
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def give_up():
    raise AirflowFailException("no use")


with DAG(
    "fail_without_retry",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    default_args={"retries": 3, "retry_delay": timedelta(0)},
):
    PythonOperator(task_id="give_up", python_callable=give_up) >> EmptyOperator(task_id="after")
