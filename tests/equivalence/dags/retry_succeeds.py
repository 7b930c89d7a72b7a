"""The second try succeeds: the task does, and what follows runs."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator


def second_time_lucky(ti):
    if ti.try_number < 2:
        raise ValueError("not yet")
    return ti.try_number


with DAG("retry_succeeds", start_date=datetime(2024, 1, 1), schedule=None):
    lucky = PythonOperator(
        task_id="lucky",
        python_callable=second_time_lucky,
        retries=2,
        retry_delay=timedelta(seconds=0),
    )
    lucky >> BashOperator(task_id="after", bash_command="echo {{ ti.xcom_pull('lucky') }}")
