"""Sensors mapped over literals and over results."""

from datetime import datetime

from airflow import DAG
from airflow.decorators import task
from airflow.operators.empty import EmptyOperator
from airflow.sensors.bash import BashSensor
from airflow.sensors.date_time import DateTimeSensor
from airflow.sensors.python import PythonSensor


@task
def commands():
    return ["true", "test 1", "true"]


def is_there(number):
    return number > 0


with DAG("map_library", start_date=datetime(2024, 1, 1), schedule=None):
    over_result = BashSensor.partial(task_id="over_result", poke_interval=0.1).expand(
        bash_command=commands()
    )
    moments = DateTimeSensor.partial(task_id="moments").expand(
        target_time=["{{ ds }}T00:00:00+00:00", "{{ macros.ds_add(ds, -1) }}T00:00:00+00:00"]
    )
    asked = PythonSensor.partial(
        task_id="asked", python_callable=is_there, poke_interval=0.1, timeout=0.3
    ).expand(op_args=[[1], [0], [2]])
    over_result >> moments >> asked
    asked >> EmptyOperator(task_id="blocked")
