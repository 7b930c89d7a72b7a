"""Started by others: refreshes the dashboards of an area."""
from datetime import datetime

from airflow import DAG
from airflow.providers.http.operators.http import HttpOperator

from common.defaults import default_args

with DAG(
    "exec_dashboard_refresh",
    schedule=None,
    start_date=datetime(2023, 1, 1),
    catchup=False,
    default_args=default_args(owner="analytics"),
    params={"area": "finance"},
    render_template_as_native_obj=True,
    tags=["reporting"],
):
    HttpOperator(
        task_id="refresh",
        http_conn_id="dashboards_api",
        method="POST",
        endpoint="/refresh/{{ dag_run.conf.get('area', params.area) }}",
        data='{"date": "{{ dag_run.conf.get("date", ds) }}"}',
        headers={"Content-Type": "application/json"},
        response_check=lambda response: response.json()["status"] == "queued",
    )
