"""Groups, for Airflow to judge."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.utils.task_group import TaskGroup

with DAG(
    "groups",
    start_date=datetime(2023, 1, 1),
    schedule=None,
    default_args={"retries": 1, "retry_delay": timedelta(minutes=1), "owner": "dag"},
):
    start = EmptyOperator(task_id="start")
    with TaskGroup("outer", default_args={"retries": 2}) as outer:
        a = EmptyOperator(task_id="a")
        with TaskGroup("inner", default_args={"retry_delay": timedelta(minutes=9)}) as inner:
            EmptyOperator(task_id="a") >> EmptyOperator(task_id="b", retries=7)
        a >> inner
    with TaskGroup("flat", prefix_group_id=False) as flat:
        EmptyOperator(task_id="c")
    start >> outer >> flat
    start >> EmptyOperator(task_id="end", trigger_rule="all_done") << flat
