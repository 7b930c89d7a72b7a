"""Switched off in 2022."""
from airflow import DAG
from airflow.operators.dummy_operator import DummyOperator

with DAG("old_campaigns", schedule_interval=None) as dag:
    DummyOperator(task_id="nothing")
