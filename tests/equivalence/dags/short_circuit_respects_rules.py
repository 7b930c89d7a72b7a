"""ignore_downstream_trigger_rules=False skips only what directly follows."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import ShortCircuitOperator

with DAG("short_circuit_respects_rules", start_date=datetime(2024, 1, 1), schedule=None):
    check = ShortCircuitOperator(
        task_id="check", python_callable=lambda: 0, ignore_downstream_trigger_rules=False
    )
    work = EmptyOperator(task_id="work")
    cleanup = EmptyOperator(task_id="cleanup", trigger_rule="all_done")
    check >> work >> cleanup
