"""One instance skips: by the default rule what follows is skipped, none_failed runs."""

from datetime import datetime

from airflow.decorators import dag, task
from airflow.exceptions import AirflowSkipException


@dag(dag_id="map_one_skips", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def keep(number):
        if number == 2:
            raise AirflowSkipException
        return number

    @task
    def strict(values):
        return list(values)

    @task(trigger_rule="none_failed")
    def lenient(values):
        return list(values)

    kept = keep.expand(number=[1, 2, 3])
    strict(kept)
    lenient(kept)


pipeline()
