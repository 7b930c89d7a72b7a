"""Mapped branches and short circuits decide about instances of their own index only."""

from datetime import datetime

from airflow.decorators import dag, task
from airflow.operators.empty import EmptyOperator


@dag(start_date=datetime(2024, 1, 1), schedule=None)
def map_branch():
    @task.branch
    def pick(x):
        return "left" if x > 1 else None

    @task.short_circuit
    def open_shop(shop):
        return shop

    pick.expand(x=[1, 2]) >> [EmptyOperator(task_id="left"), EmptyOperator(task_id="right")]
    open_shop.expand_kwargs([{"shop": 1}, {"shop": 0}]) >> EmptyOperator(task_id="after")


map_branch()
