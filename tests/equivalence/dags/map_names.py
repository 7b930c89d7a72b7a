"""map_index_template and the index that an instance knows of itself."""

from datetime import datetime

from airflow.decorators import dag, task
from airflow.operators.python import get_current_context


@dag(dag_id="map_names", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task(map_index_template="{{ country }}")
    def load(country, ti=None):
        get_current_context()["country"] = country
        return f"{ti.map_index} {country}"

    load.expand(country=["be", "nl"])


pipeline()
