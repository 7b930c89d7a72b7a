"""TimeDeltaSensor on a past interval, DateTimeSensor on a past date: no wait."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.sensors.date_time import DateTimeSensor
from airflow.sensors.time_delta import TimeDeltaSensor

with DAG("sensor_timedelta", start_date=datetime(2024, 1, 1), schedule="@daily", catchup=False):
    delta = TimeDeltaSensor(task_id="delta", delta=timedelta(hours=2))
    date = DateTimeSensor(task_id="date", target_time="{{ data_interval_end }}")
    [delta, date] >> EmptyOperator(task_id="after")
