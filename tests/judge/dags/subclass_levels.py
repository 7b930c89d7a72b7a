"""Operator subclasses over several levels, mixins, and what reaches Airflow's class."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.decorators import task
from airflow.models.baseoperator import BaseOperator
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator
from airflow.sensors.base import BaseSensorOperator

ARGS = {"start_date": datetime(2024, 1, 1), "schedule": None, "catchup": False}


class Named:
    prefix = "n"

    def full_name(self, name):
        return f"{self.prefix}_{name}"


class Level1(BaseOperator, Named):
    template_fields = ("source",)

    def __init__(self, *, source, level="one", **kwargs):
        super().__init__(**kwargs)
        self.source = source
        self.level = level

    def execute(self, context): ...


class Level2(Level1):
    prefix = "m"

    def __init__(self, *, extra=None, **kwargs):
        kwargs["retries"] = kwargs.get("retries", 0) + 1
        super().__init__(task_id=self.full_name(kwargs.pop("name")), **kwargs)
        self.extra = extra


class Level3(Level2):
    pass


class Waits(BaseSensorOperator):
    def __init__(self, *, poke_interval=30, **kwargs):
        super().__init__(poke_interval=poke_interval, mode="reschedule", **kwargs)

    def poke(self, context):
        return True


class Calls(PythonOperator):
    def __init__(self, **kwargs):
        super().__init__(python_callable=self.run, **kwargs)

    def run(self): ...


def helper(name, upstream=None, **kwargs):
    made = Level3(name=name, source=name, **kwargs)
    if upstream is not None:
        made.set_upstream(upstream)
    return made


with DAG("levels", default_args={"source": "given", "retries": 2, "level": "two"}, **ARGS):
    Level1(task_id="from_defaults")
    first = Level2(name="x", source="own")
    second = helper("y", first, retries=5, execution_timeout=timedelta(minutes=3))
    [first, second] >> Waits(task_id="wait")
    Calls(task_id="call") >> Waits(task_id="fast", poke_interval=1)

with DAG("edges_by_template", **ARGS):

    @task
    def value():
        return 1

    Level1(task_id="needs", source=value())
    Level1(task_id="needs_list", source=[value.override(task_id="other")(), 2])
    made = EmptyOperator(task_id="made")
    made >> Level3(name="z", source={"k": made.output})
    BashOperator(task_id="text", bash_command="echo {{ ti.xcom_pull('made') }}")
