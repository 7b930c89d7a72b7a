"""A TaskFlow task that skips gives None to a task that runs all the same."""

from datetime import datetime

from airflow.decorators import dag, task
from airflow.exceptions import AirflowSkipException


@dag(dag_id="skip_in_taskflow", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def load():
        raise AirflowSkipException

    @task(trigger_rule="all_done")
    def report(rows):
        return f"rows: {rows}"

    report(load())


pipeline()
