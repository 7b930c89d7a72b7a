"""Labelled edges, edges written backwards, and set_downstream."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.utils.edgemodifier import Label

with DAG("order_labels", start_date=datetime(2024, 1, 1), schedule=None):
    a, b, c, d = (BashOperator(task_id=name, bash_command=f"echo {name}") for name in "abcd")
    a >> Label("yes") >> b
    d << Label("no") << a
    b.set_downstream(c)
    c << d
