"""A mapped group, and a mapped task's result, by names that the pipeline calls itself; a short circuit in it."""

from datetime import datetime

from airflow import DAG
from airflow.decorators import task, task_group

with DAG("map_group_called_each", start_date=datetime(2024, 1, 1), schedule=None):

    @task_group
    def each(n):
        @task.short_circuit
        def check(n):
            return n % 2

        @task
        def work(n):
            return n + 100

        @task(trigger_rule="all_done")
        def clean(n):
            return n

        worked = work(n)
        check(n) >> worked >> clean(n)

    @task
    def numbers():
        return [1, 2]

    @task
    def double(number):
        return number * 2

    @task(trigger_rule="none_failed")
    def after(values):
        return list(values)

    dt = double.expand(number=numbers())
    partial = after(dt)
    each.expand(n=[1, 2, 3]) >> partial
