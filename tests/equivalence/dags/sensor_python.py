"""A PythonSensor that is true at its third look."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.sensors.python import PythonSensor

LOOKS = []


def ready():
    LOOKS.append(1)
    return len(LOOKS) > 2


with DAG("sensor_python", start_date=datetime(2024, 1, 1), schedule=None):
    PythonSensor(
        task_id="wait", python_callable=ready, poke_interval=0.05, timeout=10
    ) >> EmptyOperator(task_id="after")
