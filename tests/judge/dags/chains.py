"""Chains, for Airflow to judge."""

from datetime import datetime

from airflow import DAG
from airflow.models.baseoperator import chain, chain_linear, cross_downstream
from airflow.operators.empty import EmptyOperator

with DAG("chains", start_date=datetime(2023, 1, 1), schedule=None):
    tasks = [EmptyOperator(task_id=f"t{i}") for i in range(12)]
    chain(tasks[0], [tasks[1], tasks[2]], [tasks[3], tasks[4]], tasks[5])
    chain_linear(tasks[5], [tasks[6], tasks[7]], [tasks[8], tasks[9]])
    cross_downstream([tasks[8], tasks[9]], [tasks[10], tasks[11]])
