"""Subclasses, for Airflow to judge."""

from datetime import datetime

from airflow import DAG
from airflow.models.baseoperator import BaseOperator
from airflow.operators.bash import BashOperator


class Loader(BashOperator):
    """Reaches the base's constructor."""

    def __init__(self, table, **kwargs):
        kwargs.setdefault("retries", 6)
        super().__init__(bash_command=f"load {table}", **kwargs)


class Adder(BaseOperator):
    """An operator of its own."""

    template_fields = ("value",)

    def __init__(self, value, **kwargs):
        super().__init__(**kwargs)
        self.value = value

    def execute(self, context):
        return self.value


with DAG("subclasses", start_date=datetime(2023, 1, 1), schedule=None):
    load = Loader("orders", task_id="load") if False else Loader(table="orders", task_id="load")
    add = Adder(task_id="add", value=load.output)
    Adder.partial(task_id="each").expand(value=[1, 2]) >> add
