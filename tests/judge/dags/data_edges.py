"""Data edges, for Airflow to judge."""

from datetime import datetime

from airflow import DAG
from airflow.decorators import task
from airflow.operators.bash import BashOperator


@task(multiple_outputs=True)
def totals():
    return {"rows": 1, "names": ["a"]}


@task
def report(rows, names, text=""):
    return f"{rows}{names}{text}"


with DAG("data_edges", start_date=datetime(2023, 1, 1), schedule=None):
    found = totals()
    size = BashOperator(task_id="size", bash_command="echo 1", env={"N": found["rows"]})
    final = report(found["rows"], [found["names"]], text=size.output)
    final >> BashOperator(task_id="done", bash_command="true")
