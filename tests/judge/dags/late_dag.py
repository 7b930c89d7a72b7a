"""Tasks that get their DAG after they are made: its default_args come too late for them."""

from datetime import datetime

from airflow import DAG
from airflow.operators.empty import EmptyOperator

dag = DAG(
    "late_dag",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    default_args={"retries": 4, "trigger_rule": "all_done"},
)
early = EmptyOperator(task_id="early", dag=dag)
by_edge = EmptyOperator(task_id="by_edge", default_args={"retries": 2})
by_attribute = EmptyOperator(task_id="by_attribute", trigger_rule="one_success")
by_call = EmptyOperator(task_id="by_call")
early >> by_edge
by_attribute.dag = dag
dag.add_task(by_call)
by_edge >> [by_attribute, by_call]
