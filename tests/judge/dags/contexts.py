"""Context managers of the project, and subclasses of DAG and TaskGroup."""

from contextlib import contextmanager
from datetime import datetime

from airflow.models import DAG
from airflow.operators.empty import EmptyOperator
from airflow.utils.task_group import TaskGroup


@contextmanager
def my_dag(name, **kw):
    with DAG(name, start_date=datetime(2024, 1, 1), schedule=None, **kw) as dag:
        start = EmptyOperator(task_id="start")
        yield dag
        start >> [t for t in dag.tasks if t is not start]


class Section:
    def __init__(self, name):
        self.group = TaskGroup(name)

    def __enter__(self):
        self.group.__enter__()
        return self

    def __exit__(self, *a):
        self.group.__exit__(*a)


class Fact:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        self.dag = DAG(self.name, schedule=None, start_date=datetime(2024, 1, 1))
        self.dag.__enter__()
        return self.dag

    def __exit__(self, a, b, c):
        self.dag.__exit__(a, b, c)


with my_dag("managed", catchup=False) as d, TaskGroup("g"):
    a = EmptyOperator(task_id="a")
    with Section("inner"):
        EmptyOperator(task_id="b")
with Fact("entered") as d2:
    EmptyOperator(task_id="c")


class TeamDAG(DAG):
    def __init__(self, name, **kw):
        kw.setdefault("tags", ["team"])
        super().__init__(
            dag_id=f"team_{name}", schedule="@daily", start_date=datetime(2024, 1, 1), **kw
        )
        self.team = name
        self.first = EmptyOperator(task_id="first", dag=self)

    def add(self, n):
        t = EmptyOperator(task_id=f"{self.team}_{n}", dag=self)
        self.first >> t
        return t


class Plain(DAG):
    pass


class Grp(TaskGroup):
    def __init__(self, n):
        super().__init__(group_id=n, tooltip="x")
        self.n = n
        with self:
            self.s = EmptyOperator(task_id="s")


with TeamDAG("x", catchup=False) as td:
    z = td.add("z")
    g = Grp("gg")
    z >> g
    EmptyOperator(task_id=g.n + "_x")
pl = Plain("plain_subclass", schedule=None)
EmptyOperator(task_id="q", dag=pl)
