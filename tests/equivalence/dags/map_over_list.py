"""A task over a literal list: an instance for each item."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_over_list", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def double(number):
        return number * 2

    double.expand(number=[1, 2, 3])


pipeline()
