"""Yaml files, for Airflow to judge."""

from datetime import datetime
from pathlib import Path

import yaml
from airflow import DAG
from airflow.operators.bash import BashOperator

with (Path(__file__).parent / "jobs.yml").open() as stream:
    JOBS = yaml.safe_load(stream)

for name, job in JOBS.items():
    with DAG(name, start_date=datetime(2023, 1, 1), schedule=job["schedule"], tags=job["tags"]):
        made = {}
        for step in job["steps"]:
            made[step["id"]] = BashOperator(task_id=step["id"], bash_command=step["run"])
            for before in step.get("after", []):
                made[before] >> made[step["id"]]
