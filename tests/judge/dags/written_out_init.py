"""`Base.__init__(self, …)` instead of `super().__init__(…)`, mapped markers, members in patterns."""

from datetime import datetime
from enum import Enum

from airflow import DAG
from airflow.models import DagRun
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.sensors.base import BaseSensorOperator
from airflow.sensors.external_task import ExternalTaskMarker
from airflow.utils.task_group import TaskGroup


class Kind(str, Enum):
    FULL = "full"
    PART = "part"


class Stage(Enum):
    DEV = 1
    LIVE = 2


class Connected:
    def __init__(self, host):
        self.host = host


class Wait(Connected, BaseSensorOperator):
    def __init__(self, job=None, mode="reschedule", **kwargs):
        Connected.__init__(self, host="db")
        BaseSensorOperator.__init__(self, mode=mode, **kwargs)
        self.job = job


class Middle(BashOperator):
    def __init__(self, name, retries=4, **kwargs):
        BashOperator.__init__(self, bash_command=f"echo {name}", retries=retries, **kwargs)


class Low(Middle):
    def __init__(self, **kwargs):
        Middle.__init__(self, name="low", **kwargs)


class Bare(Middle):
    pass


class Lowest(Bare):
    def __init__(self, **kwargs):
        Bare.__init__(self, name="lowest", retries=9, **kwargs)


class TeamDag(DAG):
    def __init__(self, name, **kwargs):
        DAG.__init__(self, dag_id=f"written_out_{name}", **kwargs)


class TeamGroup(TaskGroup):
    def __init__(self, name, **kwargs):
        TaskGroup.__init__(self, group_id=f"group_{name}", **kwargs)


def tasks_of(member):
    match member:
        case Kind.FULL | Stage.LIVE:
            return ["all", "rest"]
        case Stage.DEV:
            return ["none"]
        case Kind.PART:
            return ["some"]


with TeamDag(
    "init",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    catchup=False,
    default_args={"retries": 7},
) as dag:
    with TeamGroup("first"):
        wait = Wait(task_id="wait", job="j")
    wait >> [Low(task_id="low"), Lowest(task_id="lowest")]
    ExternalTaskMarker.partial(task_id="mark", external_task_id="x").expand(
        external_dag_id=["a", "b"]
    )
    for member in (*Kind, *Stage):
        for name in tasks_of(member):
            EmptyOperator(task_id=f"{member.name}_{name}_{DagRun.__name__}")
