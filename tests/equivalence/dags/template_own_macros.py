"""User-defined macros and filters."""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator


def shout(text):
    return text.upper() + "!"


def days_before(date, days):
    return (date - timedelta(days=days)).strftime("%Y-%m-%d")


with DAG(
    "template_own_macros",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    user_defined_macros={"days_before": days_before, "team": "sales"},
    user_defined_filters={"shout": shout},
):
    BashOperator(
        task_id="show",
        bash_command="echo {{ days_before(logical_date, 3) }} {{ team | shout }}",
    )
