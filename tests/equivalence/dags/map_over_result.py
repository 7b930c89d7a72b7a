"""A task over what another one returned."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_over_result", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def names():
        return ["a", "b"]

    @task
    def shout(name):
        return name.upper()

    shout.expand(name=names())


pipeline()
