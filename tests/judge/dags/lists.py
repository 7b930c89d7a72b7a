"""Lists, for Airflow to judge."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator

with DAG("lists", start_date=datetime(2023, 1, 1), schedule=None):
    a, b, c, d = (EmptyOperator(task_id=name) for name in "abcd")
    e = EmptyOperator(task_id="e")
    a >> [b, c] >> d
    e << [b, d]
    [a, b] >> e
