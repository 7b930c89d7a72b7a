"""Results inside of lists and dicts of arguments."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="data_nested_arguments", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def one():
        return 1

    @task
    def two():
        return 2

    @task
    def merge(numbers, table):
        return [sum(numbers), table["deep"][0]]

    merge([one(), two(), 3], {"deep": [two()]})


pipeline()
