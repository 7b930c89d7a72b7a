"""expand_kwargs over a literal list of dicts."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_kwargs", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def copy(source, target, force=False):
        return [source, target, force]

    copy.expand_kwargs(
        [{"source": "a", "target": "b"}, {"source": "c", "target": "d", "force": True}]
    )


pipeline()
