"""A TaskFlow short circuit on the result of a task."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="short_circuit_taskflow", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def rows():
        return []

    @task.short_circuit
    def any_rows(found):
        return found

    @task
    def load():
        return "loaded"

    any_rows(rows()) >> load()


pipeline()
