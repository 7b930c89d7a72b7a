"""A callable that yields: what it returns is its result, and what it yields is not."""

from datetime import datetime

from airflow import DAG
from airflow.decorators import task
from airflow.models import BaseOperator
from airflow.operators.python import PythonOperator


def yields():
    yield 1
    yield 2


def yields_and_returns(n):
    yield n
    return [n]


class Yields(BaseOperator):
    def execute(self, context):
        yield context["ds"]
        return context["ds_nodash"]


with DAG("python_yields", start_date=datetime(2024, 1, 1), schedule=None):

    @task
    def nothing():
        yield 3

    @task
    def something(n, ds=None):
        yield from range(n)
        return {"n": n, "ds": ds}

    PythonOperator(task_id="yields", python_callable=yields)
    PythonOperator(task_id="yields_and_returns", python_callable=yields_and_returns, op_args=[5])
    Yields(task_id="operator")
    nothing() >> something(2)
