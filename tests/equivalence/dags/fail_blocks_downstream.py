"""A failing task: what follows is upstream_failed, what is independent runs, the run fails."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.operators.python import PythonOperator


def fail():
    raise ValueError("broken")


with DAG("fail_blocks_downstream", start_date=datetime(2024, 1, 1), schedule=None):
    broken = PythonOperator(task_id="broken", python_callable=fail)
    after = EmptyOperator(task_id="after")
    end = EmptyOperator(task_id="end")
    other = BashOperator(task_id="other", bash_command="echo fine")
    broken >> after >> end
    other >> end
