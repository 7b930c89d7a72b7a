"""A task mapped over the result of a failed one does not run."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_upstream_failed", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def broken():
        raise ValueError("broken")

    @task
    def show(item):
        return item

    @task(trigger_rule="all_done")
    def end():
        return "end"

    show.expand(item=broken()) >> end()


pipeline()
