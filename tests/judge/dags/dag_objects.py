"""Dates, parameters and what a DAG object offers."""

import datetime as dtm
from datetime import datetime, timedelta, timezone
from enum import Enum

import pendulum
from airflow import DAG
from airflow.decorators import dag, task
from airflow.models.param import Param
from airflow.operators.empty import EmptyOperator
from airflow.timetables.trigger import CronTriggerTimetable
from airflow.utils import timezone as atz


class Tag:
    class Tier(Enum):
        one = "impact/one"

    class Repo(str, Enum):
        x = "repo/x"


COMMON = {"retries": 3, "retry_delay": timedelta(minutes=1), "pool": "p"}
with DAG(
    "objects_1",
    start_date=dtm.datetime.min.replace(tzinfo=timezone.utc),
    schedule=None,
    tags=[Tag.Tier.one.value, Tag.Repo.x],
):
    EmptyOperator(task_id="a", **COMMON)
    EmptyOperator(**{"task_id": "b", **COMMON, "retries": 1})
with DAG(
    "objects_2",
    start_date=atz.datetime(2022, 1, 1),
    schedule=CronTriggerTimetable("0 1 * * *", timezone="UTC"),
):
    EmptyOperator(task_id="a", **dict(COMMON, retries=5))
with DAG(
    "objects_3",
    start_date=datetime(2021, 1, 1).replace(tzinfo=timezone.utc),
    schedule=timedelta(hours=2),
):
    EmptyOperator(task_id="a")


@dag(
    start_date=pendulum.datetime(2024, 1, 1, tz="Europe/Brussels"),
    schedule="@daily",
    params={"n": Param(3, type="integer"), "m": 1},
    catchup=False,
)
def objects_4(n: int = 4, name: str = "x", m=None, other=None):
    @task
    def show(a, b): ...

    show(n, name)


objects_4()
objects_4_again = dag(
    dag_id="objects_4_again",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    tags=["t"],
    params={"z": 2},
)(objects_4.function if hasattr(objects_4, "function") else objects_4.__wrapped__)(name="given")
with DAG(
    "objects_5",
    start_date=datetime.min,
    schedule="@once",
    default_args={"start_date": datetime(2020, 1, 1)},
) as d5:
    a = EmptyOperator(task_id="a")
    b = EmptyOperator(task_id="b", start_date=datetime(2019, 1, 1))
    d5.get_task("a") >> b
    for t in d5.tasks:
        t.retries = 7
    assert d5.has_task("a")
    d5.roots[0].set_downstream(EmptyOperator(task_id="c"))
    d5.leaves[-1] >> EmptyOperator(task_id="z")
