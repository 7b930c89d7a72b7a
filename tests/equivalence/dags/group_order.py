"""Edges between groups: all ends of one before all beginnings of the other."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.utils.task_group import TaskGroup

with DAG("group_order", start_date=datetime(2024, 1, 1), schedule=None):
    start = EmptyOperator(task_id="start")
    with TaskGroup("first") as first:
        EmptyOperator(task_id="a") >> [EmptyOperator(task_id="b"), EmptyOperator(task_id="c")]
    with TaskGroup("second") as second:
        EmptyOperator(task_id="a")
        EmptyOperator(task_id="b")
    start >> first >> second >> EmptyOperator(task_id="end")
