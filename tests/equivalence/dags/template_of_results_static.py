"""What another task gave is no template in a static pipeline either."""

from datetime import datetime

from airflow import DAG
from airflow.decorators import task
from airflow.operators.bash import BashOperator

with DAG("template_of_results_static", start_date=datetime(2024, 1, 1), schedule=None):

    @task
    def environment():
        return {"A": "{{ nope }}"}

    BashOperator(task_id="of_dict", bash_command="echo $A {{ ds }}", env=environment())
