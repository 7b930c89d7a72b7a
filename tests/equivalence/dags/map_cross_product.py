"""Two mapped arguments make every pair, in Airflow's order."""

from datetime import datetime

from airflow.decorators import dag, task


@dag(dag_id="map_cross_product", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task
    def years():
        return [2023, 2024]

    @task
    def load(year, country, unit):
        return f"{country}-{year}-{unit}"

    load.partial(unit="eur").expand(year=years(), country=["be", "nl", "fr"])


pipeline()
