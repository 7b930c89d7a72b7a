"""Takes in the orders of the web shop, in full on the first of the month and else by the day.

The shop's API is slow, so a full load runs only when somebody has time to look at it (2021).
"""
from __future__ import annotations

from datetime import datetime

from airflow.decorators import dag, task
from airflow.exceptions import AirflowSkipException
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.utils.task_group import TaskGroup
from airflow.utils.trigger_rule import TriggerRule

from common.settings import DEFAULT_ARGS

FULL_LOAD_DAY = 1  # of the month
CLOSED_SHOPS = ["ghent"]
SHOPS = ["antwerp", "ghent", "liege"]


@task.short_circuit
def is_open(ds: str | None = None) -> bool:
    """The shop is closed on New Year's Day."""
    return not ds.endswith("-01-01")


@task.branch
def choose_load(ds: str | None = None) -> str:
    if int(ds[-2:]) == FULL_LOAD_DAY:
        return "full_load"
    return "incremental.load_day"


@task
def load_shop(shop: str) -> int:
    if shop in CLOSED_SHOPS:
        raise AirflowSkipException(f"{shop} is closed")
    return len(shop)


@dag(
    dag_id="order_intake",
    schedule="30 1 * * *",
    start_date=datetime(2023, 5, 1),
    catchup=False,
    default_args=DEFAULT_ARGS,
    tags=["shop"],
)
def order_intake():
    open_today = is_open()
    choice = choose_load()
    open_today >> choice

    full_load = BashOperator(task_id="full_load", bash_command="shop-export --all")
    with TaskGroup("incremental") as incremental:
        day = BashOperator(task_id="load_day", bash_command="shop-export --day {{ ds }}")
        day >> BashOperator(task_id="dedupe", bash_command="shop-dedupe --day {{ ds }}")
    choice >> [full_load, incremental]

    # One of the two loads was skipped.
    loaded = EmptyOperator(
        task_id="loaded", trigger_rule=TriggerRule.NONE_FAILED_MIN_ONE_SUCCESS
    )
    [full_load, incremental] >> loaded

    done = EmptyOperator(task_id="done", trigger_rule="none_failed")
    for shop in SHOPS:
        loaded >> load_shop.override(task_id=f"load_{shop}")(shop) >> done


order_intake()
