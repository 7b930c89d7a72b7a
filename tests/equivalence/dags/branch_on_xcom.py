"""A TaskFlow branch chooses by the result of another task."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="branch_on_xcom", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def measure():
        return {"rows": 12}

    @task.branch
    def choose(result):
        return "load" if result["rows"] > 10 else "stop"

    @task
    def load():
        return "loaded"

    @task
    def stop():
        return "stopped"

    choose(measure()) >> [load(), stop()]


pipeline()
