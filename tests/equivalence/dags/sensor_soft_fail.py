"""A sensor with soft_fail that waits too long is skipped."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.sensors.python import PythonSensor

with DAG("sensor_soft_fail", start_date=datetime(2024, 1, 1), schedule=None):
    wait = PythonSensor(
        task_id="wait",
        python_callable=lambda: False,
        poke_interval=0.05,
        timeout=0.2,
        soft_fail=True,
    )
    (
        wait
        >> EmptyOperator(task_id="after")
        >> EmptyOperator(task_id="end", trigger_rule="none_failed")
    )
