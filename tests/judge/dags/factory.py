"""A function that returns DAGs, put into globals()."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator

MARKETS = {"be": "0 1 * * *", "nl": "0 2 * * *"}


def make(market, schedule):
    with DAG(f"factory_{market}", start_date=datetime(2023, 1, 1), schedule=schedule) as made:
        EmptyOperator(task_id=f"start_{market}")
    return made


for code, cron in MARKETS.items():
    globals()[f"dag_{code}"] = make(code, cron)
