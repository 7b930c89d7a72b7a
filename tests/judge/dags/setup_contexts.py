"""Setup and teardown tasks as context managers, nested in every way."""

from datetime import datetime

from airflow import DAG
from airflow.decorators import setup, task, task_group, teardown
from airflow.operators.empty import EmptyOperator

ARGS = {"start_date": datetime(2024, 1, 1), "schedule": None, "catchup": False}


def pair(name):
    first = EmptyOperator(task_id=f"{name}_setup").as_setup()
    last = EmptyOperator(task_id=f"{name}_teardown").as_teardown(setups=first)
    return first, last


with DAG("contexts_one", **ARGS):
    s, t = pair("only")
    with t as scope:
        a = EmptyOperator(task_id="a")
        b = EmptyOperator(task_id="b")
        a >> b
    late = EmptyOperator(task_id="late")

with DAG("contexts_nested", **ARGS):
    s1, t1 = pair("outer")
    s2, t2 = pair("inner")
    with s1 >> t1:
        w1 = EmptyOperator(task_id="before")
        with s2 >> t2:
            w2 = EmptyOperator(task_id="inside")
            w3 = EmptyOperator(task_id="inside_too")
        w4 = EmptyOperator(task_id="after")

with DAG("contexts_setup_only", **ARGS):
    s3 = EmptyOperator(task_id="s3").as_setup()
    t3 = EmptyOperator(task_id="t3").as_teardown()
    s3 >> t3
    with s3:
        EmptyOperator(task_id="x") >> EmptyOperator(task_id="y")

with DAG("contexts_added", **ARGS):
    ready = EmptyOperator(task_id="ready")
    s4, t4 = pair("added")
    with t4 as scope:
        scope.add_task(ready)
        BASH = EmptyOperator.partial(task_id="mapped").expand_kwargs([{}])

with DAG("contexts_taskflow", **ARGS):

    @setup
    def make():
        return 1

    @setup
    def make_too():
        return 2

    @teardown
    def drop(x):
        return x

    @task
    def work(x):
        return x

    one = make()
    two = make_too()
    end = drop(one)
    [one, two] >> end
    with end:
        work(one) >> work(3)

with DAG("group_leaves", **ARGS):

    @task_group
    def section():
        s5, t5 = pair("section")
        work_task = EmptyOperator(task_id="work")
        s5 >> work_task >> t5

    @task_group
    def lonely():
        pair("lonely")

    @task_group
    def two_ends():
        s6, t6 = pair("deep")
        last = EmptyOperator(task_id="last").as_teardown()
        w = EmptyOperator(task_id="w")
        s6 >> w >> t6 >> last
        EmptyOperator(task_id="free")

    (
        EmptyOperator(task_id="start")
        >> section()
        >> lonely()
        >> two_ends()
        >> EmptyOperator(task_id="end")
    )
