"""A BashSensor polls a command's exit code."""

from datetime import datetime

from airflow import DAG
from airflow.sensors.bash import BashSensor

with DAG("sensor_bash", start_date=datetime(2024, 1, 1), schedule=None):
    BashSensor(task_id="wait", bash_command="test -d /", poke_interval=0.05, timeout=5)
