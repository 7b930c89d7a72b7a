"""max_active_tis_per_dagrun limits how many instances run at once, not what they give."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_limited", start_date=datetime(2024, 1, 1), schedule=None, max_active_tasks=2)
def pipeline():
    @task(max_active_tis_per_dagrun=1)
    def step(number):
        return -number

    step.expand(number=[1, 2, 3, 4])


pipeline()
