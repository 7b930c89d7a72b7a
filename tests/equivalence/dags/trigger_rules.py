"""One DAG for each trigger rule: joins after every mix of states that a task can end in."""

from datetime import datetime

from airflow import DAG
from airflow.exceptions import AirflowSkipException
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator

RULES = [
    "all_success",
    "all_failed",
    "all_done",
    "all_skipped",
    "one_success",
    "one_failed",
    "one_done",
    "none_failed",
    "none_failed_min_one_success",
    "none_skipped",
    "always",
    "all_done_setup_success",
    "none_failed_or_skipped",
    "dummy",
]
MIXES = {
    "g": ["good"],
    "f": ["failed"],
    "s": ["skipped"],
    "b": ["blocked"],
    "gf": ["good", "failed"],
    "gs": ["good", "skipped"],
    "fs": ["failed", "skipped"],
    "gb": ["good", "blocked"],
    "sb": ["skipped", "blocked"],
    "gfs": ["good", "failed", "skipped"],
}


def fail():
    raise ValueError("broken")


def skip():
    raise AirflowSkipException


for rule in RULES:
    with DAG(f"rule_{rule}", start_date=datetime(2024, 1, 1), schedule=None) as dag:
        upstream = {
            "good": EmptyOperator(task_id="good"),
            "failed": PythonOperator(task_id="failed", python_callable=fail),
            "blocked": EmptyOperator(task_id="blocked"),
            "skipped": PythonOperator(
                task_id="skipped", python_callable=skip, trigger_rule="all_done"
            ),
        }
        # One after another: which of a failure and a skip comes first decides about a join.
        upstream["failed"] >> upstream["blocked"] >> upstream["skipped"]
        for mix, names in MIXES.items():
            EmptyOperator(task_id=f"after_{mix}", trigger_rule=rule).set_upstream(
                [upstream[name] for name in names]
            )
    globals()[f"rule_{rule}"] = dag
