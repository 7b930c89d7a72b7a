"""Iterators that are used up, and arguments that are set later."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def gen():
    for i in range(3):
        yield f"g{i}"


with DAG(
    "iterators",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    catchup=False,
    default_args={"retries": 1, "owner": "o"},
) as dag:
    g = gen()
    a = EmptyOperator(task_id=next(g))
    dag.default_args["retries"] = 4
    del dag.default_args["owner"]
    b = EmptyOperator(task_id=next(g))
    it = iter(["x", "y"])
    next(it)
    c = EmptyOperator(task_id=next(it))
    for rest in g:
        EmptyOperator(task_id=f"rest_{rest}")
    p = PythonOperator(task_id="p", python_callable=print)
    p.op_kwargs = {"v": a.output}
    first = next((t for t in dag.tasks if t.task_id == "y"), None)
    first >> p
