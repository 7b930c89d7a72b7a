""".map transforms each item on its way, and skips those for which it raises a skip."""

from datetime import datetime

from airflow.decorators import dag, task
from airflow.exceptions import AirflowSkipException


def to_path(name):
    if name.startswith("."):
        raise AirflowSkipException(f"{name} is hidden")
    return f"/data/{name}"


@dag(dag_id="map_with_function", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def files():
        return ["a.csv", ".hidden", "b.csv"]

    @task
    def read(path):
        return path

    @task(trigger_rule="all_done")
    def count(paths):
        return sorted(paths)

    count(read.expand(path=files().map(to_path)))


pipeline()
