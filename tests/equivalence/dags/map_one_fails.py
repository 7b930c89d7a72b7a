"""One instance fails: the others run, what follows is upstream_failed."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_one_fails", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def invert(number):
        return 1 / number

    @task
    def collect(values):
        return list(values)

    collect(invert.expand(number=[1, 0, 2]))


pipeline()
