"""Schedules, for Airflow to judge."""

from datetime import datetime, timedelta, timezone

import pendulum
from airflow import DAG
from airflow.operators.empty import EmptyOperator

SCHEDULES = {
    "hourly": "@hourly",
    "monthly": "@monthly",
    "delta": timedelta(minutes=90),
    "cron": "5 4 * * 1-5",
    "never": None,
}
for label, value in SCHEDULES.items():
    with DAG(
        dag_id="schedule_" + label,
        schedule_interval=value,
        start_date=pendulum.datetime(2023, 3, 1, tz="Europe/Brussels"),
        catchup=label == "cron",
        tags=[label],
    ):
        EmptyOperator(task_id="only")
with DAG("schedule_utc", schedule="@daily", start_date=datetime(2023, 3, 1, tzinfo=timezone.utc)):
    EmptyOperator(task_id="only")
