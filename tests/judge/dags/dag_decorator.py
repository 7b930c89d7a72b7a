"""@dag with parameters and a task that reads one."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(start_date=datetime(2023, 1, 1), schedule="@daily", catchup=False)
def dag_decorator(market="BE"):
    """Documentation."""

    @task(retries=4)
    def load(name):
        return name

    @task.branch
    def choose(rows):
        return "small"

    choose(load(market))


dag_decorator()
