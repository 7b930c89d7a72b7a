"""A mapped dict gives its pairs."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_over_dict", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def weights():
        return {"a": 1, "b": 2}

    @task
    def show(pair):
        key, value = pair
        return f"{key}={value}"

    show.expand(pair=weights())


pipeline()
