"""An instance of a mapped task is retried by itself."""

from datetime import datetime, timedelta

from airflow.decorators import dag, task


@dag(dag_id="map_retry", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task(retries=1, retry_delay=timedelta(seconds=0))
    def flaky(number, ti=None):
        if number == 2 and ti.try_number == 1:
            raise ValueError("first try")
        return [number, ti.map_index]

    flaky.expand(number=[1, 2])


pipeline()
