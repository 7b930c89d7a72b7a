"""concat maps over two results, one after the other."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_concat", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def first():
        return [1, 2]

    @task
    def second():
        return [3]

    @task
    def square(number):
        return number**2

    square.expand(number=first().concat(second()))


pipeline()
