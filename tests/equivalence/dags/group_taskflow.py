"""A @task_group that takes and gives values."""

from datetime import datetime

from airflow.decorators import dag, task, task_group


@dag(dag_id="group_taskflow", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def start():
        return 3

    @task_group
    def compute(number):
        @task
        def add(value):
            return value + 1

        @task
        def double(value):
            return value * 2

        return double(add(number))

    @task
    def end(value):
        return f"got {value}"

    end(compute(start()))


pipeline()
