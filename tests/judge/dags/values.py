"""Values, for Airflow to judge."""

import json
from datetime import datetime, timedelta
from string import ascii_lowercase

from airflow import DAG
from airflow.operators.empty import EmptyOperator

SETTINGS = json.loads('{"retries": 2, "names": ["b", "a"]}')
NAMES = sorted(SETTINGS["names"], key=lambda name: -ord(name)) + [*ascii_lowercase[2:4]]
DELAYS = [timedelta(minutes=2**n) for n in range(len(NAMES))]

with DAG("values", start_date=datetime.strptime("2023-01-01", "%Y-%m-%d"), schedule=None):
    for name, delay in zip(NAMES, DELAYS, strict=True):
        EmptyOperator(
            task_id="_".join(["load", name.replace("a", "alpha")]),
            retries=SETTINGS.get("retries", 0) + (1 if name in "ab" else 0),
            retry_delay=delay,
        )
