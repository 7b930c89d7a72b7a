"""Callables that are methods of objects, and objects that can be called."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from airflow import DAG
from airflow.exceptions import AirflowSkipException
from airflow.operators.python import PythonOperator

STEP = 10


class Base:
    def __init__(self, factor):
        self.factor = factor

    def scaled(self, n):
        return n * self.factor * STEP


class Job(Base):
    def __init__(self, name, factor=2):
        super().__init__(factor)
        self.name = name

    def run(self, n, ds=None, **context):
        return [self.name, self.scaled(n), ds, context["ti"].task_id]

    def skip(self):
        raise AirflowSkipException(self.name)

    def __call__(self, text):
        return f"{self.name}:{text}"


class Region(str, Enum):
    NORTH = "north"
    SOUTH = "south"


@dataclass(frozen=True)
class Shop:
    region: Region
    limits: tuple = (1, 2)


class Report:
    def __init__(self, shop, *others):
        self.shop = shop
        self.others = others

    def write(self):
        return [self.shop.region.value, self.shop.limits, [one.name for one in self.others]]


job = Job("main", factor=3)
report = Report(Shop(Region.SOUTH), Region.NORTH)

with DAG("python_methods", start_date=datetime(2024, 1, 1), schedule=None):
    run = PythonOperator(task_id="run", python_callable=job.run, op_args=[4])
    called = PythonOperator(
        task_id="called", python_callable=Job("other"), op_kwargs={"text": "{{ ds }}"}
    )
    skipped = PythonOperator(task_id="skipped", python_callable=Job("s").skip)
    after = PythonOperator(task_id="after", python_callable=job.run, op_args=[1])
    written = PythonOperator(task_id="written", python_callable=report.write)
    written >> run >> called >> skipped >> after
