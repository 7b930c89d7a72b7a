"""Mapping over a task that returned None fails that task: there is nothing to map."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_over_none", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def nothing():
        return None

    @task
    def show(item):
        return item

    show.expand(item=nothing())


pipeline()
