"""skip_on_exit_code names the codes that skip; 99 is a failure then."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.empty import EmptyOperator

with DAG("skip_by_chosen_exit_code", start_date=datetime(2024, 1, 1), schedule=None):
    for code in (7, 8, 99):
        BashOperator(
            task_id=f"code_{code}", bash_command=f"exit {code}", skip_on_exit_code=[7, 8]
        ) >> EmptyOperator(task_id=f"after_{code}")
