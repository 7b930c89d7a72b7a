"""Ids: suffixes, prefixes, overrides."""

from datetime import datetime

from airflow import DAG
from airflow.decorators import dag, task, task_group
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.utils.task_group import TaskGroup

ARGS = {"start_date": datetime(2024, 1, 1), "schedule": None, "catchup": False}


@task
def step(x=0):
    return x


@task(task_id="named", retries=2)
def other():
    return 1


with DAG("suffixes_everywhere", **ARGS):
    for index in range(3):
        step(index)
    step.override(task_id="step__7")()
    step()
    other()
    other()
    other.override(task_id="mine")()
    with TaskGroup("g"):
        step()
        step()
        with TaskGroup("deep", prefix_group_id=False):
            step()
            EmptyOperator(task_id="plain")
    with TaskGroup("g", add_suffix_on_collision=True):
        step()
    with TaskGroup("g", add_suffix_on_collision=True) as third:
        EmptyOperator(task_id=f"in_{third.group_id}")

with DAG("group_suffixes", **ARGS):

    @task_group(group_id="section", prefix_group_id=False)
    def section(n):
        return EmptyOperator(task_id=f"unique_{n}")

    @task_group
    def box(n):
        """Text of the group."""
        step(n)

        @task_group(tooltip="small")
        def inner():
            step()

        inner()

    section(1)
    section(2)
    for n in range(2):
        box(n)
    box.override(group_id="renamed")(3)

with DAG("no_prefix", **ARGS):
    with TaskGroup("a", prefix_group_id=False) as a:
        with TaskGroup("b") as b:
            EmptyOperator(task_id="t")
        with TaskGroup("c", prefix_group_id=False), TaskGroup("d"):
            BashOperator(task_id="t", bash_command="true")
    assert a.get_child_by_label("b") is b
    b.get_child_by_label("t") >> EmptyOperator(task_id="end")
    list(b.children.values())[0] >> EmptyOperator(task_id="end2")


@dag(dag_id="from_decorator", **ARGS)
def named_differently():
    """Text of the DAG."""
    step() >> other()


named_differently()
