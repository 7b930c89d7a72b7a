"""What another task gave is no template, though it looks like one: whole, in parts, mapped."""

from datetime import datetime

from airflow import DAG
from airflow.decorators import task
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator

with DAG("template_of_results", start_date=datetime(2024, 1, 1), schedule=None):

    @task
    def command():
        return "echo '{{ ds }} {% if %}'"

    @task
    def environment():
        return {"A": "{{ nope }}"}

    @task
    def text():
        return "{{ undefined_thing }}"

    BashOperator(task_id="of_dict", bash_command="echo $A {{ ds }}", env=environment())
    env = {"A": text(), "B": "{{ ds }}"}
    BashOperator(task_id="in_part", bash_command='echo "$A $B"', env=env)
    PythonOperator(
        task_id="python", python_callable=lambda x, y: [x, y], op_args=[command(), "{{ ds }}"]
    )
    literal = ["echo {{ ds }}", "echo $Z"]
    BashOperator.partial(task_id="mapped", env={"Z": "{{ ds }}"}).expand(bash_command=literal)

    @task
    def commands():
        return ["echo '{{ ds }}'"]

    BashOperator.partial(task_id="over_result").expand(bash_command=commands())
