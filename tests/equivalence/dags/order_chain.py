"""chain, cross_downstream and lists of tasks."""

from datetime import datetime

from airflow import DAG
from airflow.models.baseoperator import chain, cross_downstream
from airflow.operators.empty import EmptyOperator

with DAG("order_chain", start_date=datetime(2024, 1, 1), schedule=None):
    names = ["start", "a", "b", "c", "d", "e", "f", "end"]
    start, a, b, c, d, e, f, end = (EmptyOperator(task_id=name) for name in names)
    chain(start, [a, b], [c, d])
    cross_downstream([c, d], [e, f])
    [e, f] >> end
