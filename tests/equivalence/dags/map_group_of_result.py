"""A group mapped over a result, whose tasks are collected after it."""

from datetime import datetime

from airflow.decorators import dag, task, task_group


@dag(dag_id="map_group_of_result", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def names():
        return ["x", "y"]

    @task_group
    def clean(name):
        @task
        def strip(text):
            return text.strip()

        @task
        def upper(text):
            return text.upper()

        return upper(strip(name))

    @task
    def collect(values):
        return list(values)

    collect(clean.expand(name=names()))


pipeline()
