"""Work in `with teardown:` lies between the setup and the teardown."""

from datetime import datetime

from airflow.decorators import dag, setup, task, teardown


@dag(dag_id="teardown_by_context", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @setup
    def create():
        return "cluster-1"

    @teardown
    def delete(name):
        return f"deleted {name}"

    @task
    def train(name):
        return f"trained on {name}"

    @task
    def score():
        raise ValueError("broken")

    name = create()
    with delete(name):
        train(name) >> score()


pipeline()
