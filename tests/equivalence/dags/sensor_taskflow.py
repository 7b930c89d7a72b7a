"""A @task.sensor that gives a value."""

from datetime import datetime

from airflow.decorators import dag, task
from airflow.sensors.base import PokeReturnValue


@dag(dag_id="sensor_taskflow", start_date=datetime(2024, 1, 1), schedule=None)
def pipeline():
    @task.sensor(poke_interval=0.05, timeout=5, mode="poke")
    def wait():
        return PokeReturnValue(is_done=True, xcom_value={"rows": 4})

    @task
    def use(found):
        return found["rows"]

    use(wait())


pipeline()
