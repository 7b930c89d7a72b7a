"""render_template_as_native_obj gives Python values in the place of text."""

from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator


def show(number, items, text):
    return [number + 1, items[::-1], text]


with DAG(
    "template_native",
    start_date=datetime(2024, 1, 1),
    schedule=None,
    render_template_as_native_obj=True,
    params={"items": [1, 2]},
):
    PythonOperator(
        task_id="show",
        python_callable=show,
        op_kwargs={"number": "{{ 1 + 2 }}", "items": "{{ params['items'] }}", "text": "{{ ds }}"},
    )
