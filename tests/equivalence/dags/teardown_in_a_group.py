"""Tasks after a group do not wait for its teardown's success."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator
from airflow.utils.task_group import TaskGroup

with DAG("teardown_in_a_group", start_date=datetime(2024, 1, 1), schedule=None):
    with TaskGroup("job") as job:
        create = EmptyOperator(task_id="create").as_setup()
        work = EmptyOperator(task_id="work")
        delete = BashOperator(task_id="delete", bash_command="exit 1")
        create >> work >> delete.as_teardown(setups=create)
    job >> EmptyOperator(task_id="after")
