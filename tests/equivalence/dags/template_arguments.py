"""Templates nested in lists and dicts of op_kwargs, and templates_dict."""

from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator


def show(table, options, templates_dict):
    return [table, options, templates_dict["query"]]


with DAG("template_arguments", start_date=datetime(2024, 1, 1), schedule=None):
    PythonOperator(
        task_id="show",
        python_callable=show,
        op_kwargs={
            "table": "orders_{{ ds_nodash }}",
            "options": {"days": ["{{ ds }}", {"deep": "{{ ts }}"}], "limit": 5},
        },
        templates_dict={"query": "select '{{ ds }}'"},
    )
