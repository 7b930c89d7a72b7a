"""Airflow's filters on dates, and Jinja's own."""

from datetime import datetime

from airflow import DAG
from airflow.operators.python import PythonOperator

TEXTS = [
    "{{ logical_date | ds }}",
    "{{ logical_date | ds_nodash }}",
    "{{ logical_date | ts }}",
    "{{ logical_date | ts_nodash }}",
    "{{ logical_date | ts_nodash_with_tz }}",
    "{{ ['b', 'a'] | sort | join('-') }}",
    "{% for n in range(3) %}{{ n }},{% endfor %}",
    "{% if params.on %}yes{% else %}no{% endif %}",
]

with DAG("template_filters", start_date=datetime(2024, 1, 1), schedule=None, params={"on": True}):
    PythonOperator(task_id="show", python_callable=lambda texts: texts, op_args=[TEXTS])
