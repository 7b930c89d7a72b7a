"""Named tuples, dataclasses and enumerations that decide the structure."""

from collections import namedtuple
from datetime import datetime
from enum import Enum
from typing import NamedTuple

from airflow import DAG
from airflow.operators.empty import EmptyOperator

Row = namedtuple("Row", "name deps")


class T(NamedTuple):
    name: str
    n: int = 2


class Env(Enum):
    PROD = "prod"
    DEV = "dev"


class S(str, Enum):
    A = "a"


env = Env.PROD
with DAG(
    "records",
    start_date=datetime(2024, 1, 1),
    schedule="@daily" if env == Env.PROD else None,
    catchup=False,
):
    made = {}
    for name, deps in [Row("a", []), Row("b", ["a"])]:
        made[name] = EmptyOperator(task_id=name, retries=T("x").n + T("y", 3)[1])
        for d in deps:
            made[d] >> made[name]
    if S.A == "a" and env is Env.PROD and env != Env.DEV and env in (Env.PROD, Env.DEV):
        EmptyOperator(task_id=f"x_{S.A.value}_{Row('q', 1)._asdict()['name']}")
    if {Env.PROD: 1, Env.DEV: 2}[env] == 1:
        EmptyOperator(task_id="mapped_by_enum")
