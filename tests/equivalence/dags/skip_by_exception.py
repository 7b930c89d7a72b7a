"""AirflowSkipException skips the task and, by the default rule, what follows."""

from datetime import datetime

from airflow import DAG
from airflow.exceptions import AirflowSkipException
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def maybe(**context):
    if not context["params"]["wanted"]:
        raise AirflowSkipException("not wanted")
    return "done"


with DAG(
    "skip_by_exception", start_date=datetime(2024, 1, 1), schedule=None, params={"wanted": False}
):
    skipped = PythonOperator(task_id="maybe", python_callable=maybe, retries=2)
    after = EmptyOperator(task_id="after")
    end = EmptyOperator(task_id="end", trigger_rule="none_failed")
    skipped >> after >> end
