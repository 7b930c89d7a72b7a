"""Group decorator, for Airflow to judge."""

from datetime import datetime

from airflow.decorators import dag, task, task_group


@task
def add(x, y=1):
    return x + y


@task_group
def numbers(start):
    """Adds twice."""
    return add(add(start))


@dag(start_date=datetime(2023, 1, 1), schedule=None)
def group_decorator():
    one = numbers(1)
    two = numbers(one)
    numbers.override(group_id="named")(two)


group_decorator()
