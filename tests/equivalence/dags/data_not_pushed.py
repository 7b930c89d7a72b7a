"""do_xcom_push=False keeps the result to the task."""

from datetime import datetime

from airflow import DAG
from airflow.operators.bash import BashOperator
from airflow.operators.python import PythonOperator

with DAG("data_not_pushed", start_date=datetime(2024, 1, 1), schedule=None):
    first = PythonOperator(task_id="first", python_callable=lambda: 5, do_xcom_push=False)
    second = BashOperator(task_id="second", bash_command="echo quiet", do_xcom_push=False)
    show = PythonOperator(
        task_id="show",
        python_callable=lambda ti: repr([ti.xcom_pull("first"), ti.xcom_pull("second")]),
    )
    [first, second] >> show
