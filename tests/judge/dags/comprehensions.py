"""Comprehensions, for Airflow to judge."""

from datetime import datetime
from functools import partial
from itertools import chain as joined
from itertools import product

from airflow import DAG
from airflow.operators.empty import EmptyOperator

Task = partial(EmptyOperator, retries=1)
with DAG("comprehensions", start_date=datetime(2023, 1, 1), schedule=None):
    by_name = {f"{a}{b}": Task(task_id=f"{a}{b}") for a, b in product("xy", (1, 2)) if b > 0}
    for left, right in zip(sorted(by_name), sorted(by_name)[1:], strict=False):
        by_name[left] >> by_name[right]
    last = [*by_name.values()][-1]
    last >> [Task(task_id=name) for name in joined(["p"], ("q",))]
    list(map(lambda n: Task(task_id=f"mapped_{n}", retries=n), range(2)))  # noqa: C417
