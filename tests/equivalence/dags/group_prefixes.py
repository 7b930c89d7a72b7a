"""Task ids carry the prefixes of their groups, unless a group has none."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.utils.task_group import TaskGroup

with DAG("group_prefixes", start_date=datetime(2024, 1, 1), schedule=None):
    with TaskGroup("outer"):
        BashOperator(task_id="a", bash_command="echo {{ task.task_id }}")
        with TaskGroup("inner"):
            BashOperator(task_id="b", bash_command="echo {{ ti.task_id }}")
    with TaskGroup("plain", prefix_group_id=False):
        BashOperator(task_id="c", bash_command="echo {{ task.task_id }}")
