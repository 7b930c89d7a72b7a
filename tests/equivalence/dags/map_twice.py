"""A mapped task over the results of a mapped task."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_twice", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def start(number):
        return number + 1

    @task
    def follow(number):
        return number * 10

    follow.expand(number=start.expand(number=[1, 2]))


pipeline()
