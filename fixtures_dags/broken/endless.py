"""Building this DAG never ends, or needs all memory there is."""
from datetime import datetime
from itertools import count

from airflow import DAG
from airflow.operators.empty import EmptyOperator

HUGE = "x" * 10**12
POWER = 9**9**9


def depth(n):
    return depth(n + 1)


with DAG("endless", start_date=datetime(2023, 1, 1), schedule_interval="@daily") as dag:
    depth(0)
    for i in range(10**12):
        EmptyOperator(task_id=f"range_{i}")
    for i in count():
        EmptyOperator(task_id=f"count_{i}")
    while True:
        EmptyOperator(task_id=f"while_{len(dag.tasks)}")
