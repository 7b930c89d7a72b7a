"""Mapping over text fails the task that returned it."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_over_text", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def text():
        return "abc"

    @task
    def show(item):
        return item

    show.expand(item=text())


pipeline()
