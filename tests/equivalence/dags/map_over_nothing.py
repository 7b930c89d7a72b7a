"""Mapping over an empty result skips the task, and by the default rule what follows."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_over_nothing", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def names():
        return []

    @task
    def shout(name):
        return name.upper()

    @task
    def collect(values):
        return list(values)

    @task(trigger_rule="none_failed")
    def end():
        return "end"

    collect(shout.expand(name=names())) >> end()


pipeline()
