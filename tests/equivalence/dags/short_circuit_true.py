"""A true condition lets everything run."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import ShortCircuitOperator


def check(limit):
    return [1] * limit


with DAG("short_circuit_true", start_date=datetime(2024, 1, 1), schedule=None):
    ShortCircuitOperator(
        task_id="check", python_callable=check, op_kwargs={"limit": 2}
    ) >> EmptyOperator(task_id="work")
