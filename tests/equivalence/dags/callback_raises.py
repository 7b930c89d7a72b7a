"""A callback that raises changes no state."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator


def broken(context):
    raise RuntimeError("the pager is down")


with DAG(
    "callback_raises",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    on_failure_callback=broken,
    default_args={"on_failure_callback": broken, "on_success_callback": broken},
):
    good = EmptyOperator(task_id="good")
    bad = BashOperator(task_id="bad", bash_command="exit 1")
    good >> EmptyOperator(task_id="after_good")
    bad >> EmptyOperator(task_id="after_bad")
