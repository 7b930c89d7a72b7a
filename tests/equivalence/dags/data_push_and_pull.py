"""xcom_push and xcom_pull in code, by task and key."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator


def push(ti):
    ti.xcom_push(key="rows", value=12)
    ti.xcom_push(key="files", value=["a", "b"])
    return "pushed"


def pull(ti):
    return {
        "rows": ti.xcom_pull(task_ids="push", key="rows"),
        "files": ti.xcom_pull(task_ids="push", key="files"),
        "returned": ti.xcom_pull(task_ids="push"),
        "several": list(ti.xcom_pull(task_ids=["push", "other"])),
        "missing": ti.xcom_pull(task_ids="push", key="missing"),
    }


with DAG("data_push_and_pull", start_date=datetime(2024, 1, 1), schedule=None):
    first = PythonOperator(task_id="push", python_callable=push)
    other = BashOperator(task_id="other", bash_command="echo other")
    [first, other] >> PythonOperator(task_id="pull", python_callable=pull)
