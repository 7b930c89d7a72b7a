"""A callable with the helpers, constants and imports that it needs."""

from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator

FACTOR = 3
NAMES = {"be": "Belgium"}


def scale(number):
    return number * FACTOR


class Greeter:
    """Greets."""

    def greet(self, code):
        return f"hello {NAMES[code]}"


def work(code):
    import math

    return [scale(2), Greeter().greet(code), math.floor(2.7)]


with DAG("python_helpers", start_date=datetime(2024, 1, 1), schedule=None):
    PythonOperator(task_id="work", python_callable=work, op_args=["be"])
