"""zip pairs the results of two tasks."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_zip", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def keys():
        return ["a", "b", "c"]

    @task
    def values():
        return [1, 2, 3]

    @task
    def pair(both):
        return list(both)

    pair.expand(both=keys().zip(values()))


pipeline()
