"""A task takes all results of a mapped one."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_reduce", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def numbers():
        return [1, 2, 3, 4]

    @task
    def square(number):
        return number**2

    @task
    def total(values):
        return sum(values)

    total(square.expand(number=numbers()))


pipeline()
