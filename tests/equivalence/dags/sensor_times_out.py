"""A sensor that waits too long fails, without retry."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.sensors.python import PythonSensor

with DAG("sensor_times_out", start_date=datetime(2024, 1, 1), schedule=None):
    wait = PythonSensor(
        task_id="wait",
        python_callable=lambda: False,
        poke_interval=0.05,
        timeout=0.2,
        retries=2,
        retry_delay=timedelta(seconds=0),
    )
    wait >> EmptyOperator(task_id="after")
