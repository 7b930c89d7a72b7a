"""expand_kwargs over what a task returned."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_kwargs_of_result", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def jobs():
        return [{"name": "x", "size": 1}, {"name": "y", "size": 2}]

    @task
    def run(name, size, factor):
        return f"{name}:{size * factor}"

    run.partial(factor=10).expand_kwargs(jobs())


pipeline()
