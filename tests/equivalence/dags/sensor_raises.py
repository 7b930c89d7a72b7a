"""A sensor whose condition raises fails."""

from datetime import datetime

from airflow import DAG
from airflow.sensors.python import PythonSensor


def ready():
    raise ConnectionError("nobody there")


with DAG("sensor_raises", start_date=datetime(2024, 1, 1), schedule=None):
    PythonSensor(task_id="wait", python_callable=ready, poke_interval=0.05, timeout=1)
