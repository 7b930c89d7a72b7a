"""Conditions, for Airflow to judge."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator

ENVIRONMENT = "prod"
OPTIONS = {"prod": ["a", "b"], "dev": []}

with DAG("conditions", start_date=datetime(2023, 1, 1), schedule=None) as dag:
    previous = None
    for position, name in enumerate(OPTIONS[ENVIRONMENT], start=1):
        if name == "c":
            continue
        current = EmptyOperator(task_id=f"{position:02d}_{name.upper()}")
        if previous is not None:
            previous >> current
        previous = current
    else:
        EmptyOperator(task_id="end")
    try:
        names = OPTIONS["missing"]
    except KeyError:
        EmptyOperator(task_id="handled")
    finally:
        EmptyOperator(task_id="always")
    count = 0
    while count < 2:
        EmptyOperator(task_id="while_%d" % count)  # noqa: UP031
        count += 1
    match ENVIRONMENT:
        case "dev" | "test":
            EmptyOperator(task_id="small")
        case "prod":
            EmptyOperator(task_id="large")
        case _:
            EmptyOperator(task_id="other")
    dag.tasks[0] >> dag.get_task("end")
