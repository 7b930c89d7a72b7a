"""A task that returns None leaves no XCom; a task that takes it gets None."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="data_none", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def nothing():
        return None

    @task
    def show(value):
        return repr(value)

    show(nothing())


pipeline()
