"""Imports, for Airflow to judge."""

from datetime import datetime

import team.names as names
from airflow import DAG
from airflow.operators.empty import EmptyOperator
from team import DEFAULTS
from team.names import *  # noqa: F403
from team.tasks import Settings, Stage, add_end

settings = Settings(retries=5)
with DAG("imports", start_date=datetime(2023, 1, 1), schedule=None, default_args=DEFAULTS):
    first = EmptyOperator(task_id=names.FIRST, retries=settings.retries)
    second = EmptyOperator(task_id=SECOND)  # noqa: F405
    first >> second >> add_end(Stage.FINAL)
