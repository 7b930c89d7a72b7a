"""A mapped group: each instance of a task follows the same instance of the one before."""

from datetime import datetime

from airflow.decorators import dag, task, task_group


@dag(dag_id="map_group", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task_group
    def etl(name):
        @task
        def extract(name):
            if name == "b":
                raise ValueError("b is broken")
            return f"raw {name}"

        @task
        def load(data):
            return f"loaded {data}"

        load(extract(name))

    @task(trigger_rule="all_done")
    def report():
        return "ran"

    etl.expand(name=["a", "b", "c"]) >> report()


pipeline()
