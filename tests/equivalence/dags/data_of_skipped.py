"""What a skipped or failed task would have given is None."""

from datetime import datetime

from airflow import DAG
from airflow.exceptions import AirflowSkipException
from airflow.operators.python import PythonOperator


def skip():
    raise AirflowSkipException


def push_and_fail(ti):
    ti.xcom_push(key="partial", value=3)
    raise ValueError("broken")


def show(ti):
    return [ti.xcom_pull("skipped"), ti.xcom_pull("failed"), ti.xcom_pull("failed", key="partial")]


with DAG("data_of_skipped", start_date=datetime(2024, 1, 1), schedule=None):
    skipped = PythonOperator(task_id="skipped", python_callable=skip)
    failed = PythonOperator(task_id="failed", python_callable=push_and_fail)
    [skipped, failed] >> PythonOperator(
        task_id="show", python_callable=show, trigger_rule="all_done"
    )
